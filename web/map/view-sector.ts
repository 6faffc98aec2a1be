/** The field that a camera sees, as a sector on the map. Pure. */

/** Angle of view drawn when the camera's own is not known: that of an ordinary 4 mm lens on a 1/3" sensor. */
const ANGLE_OF_VIEW_DEG = 70;
/** How far a face can be told apart with such a lens. */
const REACH_METRES = 24;
const METRES_PER_DEGREE = 111_320;

/** Corners [latitude, longitude] of the sector that begins at the camera; the bearing is in degrees clockwise from north. */
export function viewSector(latitude: number, longitude: number, bearingDeg: number): readonly [latitude: number, longitude: number][] {
  const corners: [number, number][] = [[latitude, longitude]];
  const steps = 8;
  for (let step = 0; step <= steps; step++) {
    const bearing = ((bearingDeg - ANGLE_OF_VIEW_DEG / 2 + (ANGLE_OF_VIEW_DEG * step) / steps) * Math.PI) / 180;
    corners.push([
      latitude + (REACH_METRES * Math.cos(bearing)) / METRES_PER_DEGREE,
      longitude + (REACH_METRES * Math.sin(bearing)) / (METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180)),
    ]);
  }
  return corners;
}
