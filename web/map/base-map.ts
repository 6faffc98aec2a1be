/**
 * Reads the bundled base map into shapes that can be painted at any zoom.
 *
 * Every coordinate becomes a *world pixel*: web Mercator at zoom 0, where the whole world is 256 pixels wide. A zoom is then
 * one multiplication, and no projection runs while the map moves.
 */
import type { AreaKind, BaseMapFile, LabelKind, LineKind, PackedPath, Storeys } from './base-map-format.ts';

/** A path or ring: x, y, x, y … in world pixels, with the box around it. */
export interface Shape {
  readonly points: Float64Array;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface NamedShape extends Shape {
  readonly name: string | null;
}

export interface BaseMap {
  readonly attribution: string;
  readonly areas: ReadonlyMap<AreaKind, readonly Shape[]>;
  readonly lines: ReadonlyMap<LineKind, readonly NamedShape[]>;
  readonly buildings: ReadonlyMap<Storeys, readonly Shape[]>;
  readonly labels: readonly { readonly kind: LabelKind; readonly name: string; readonly x: number; readonly y: number }[];
}

/** A window on the world: `zoom` and the world pixel at its top left corner *at that zoom*, with its size in CSS pixels. */
export interface MapView {
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** World pixel at zoom 0 of a WGS-84 position. EPSG:3857 as Leaflet computes it, in units of its 256 px world. */
export function toWorldPixel(longitude: number, latitude: number): [x: number, y: number] {
  const sin = Math.sin((latitude * Math.PI) / 180);
  return [((longitude + 180) / 360) * 256, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 256];
}

/** Position of a world pixel at zoom 0; the inverse of {@link toWorldPixel}. */
export function fromWorldPixel(x: number, y: number): { readonly lat: number; readonly lng: number } {
  return { lat: (Math.atan(Math.sinh(Math.PI * (1 - y / 128))) * 180) / Math.PI, lng: (x / 256) * 360 - 180 };
}

/** Metres on the ground per CSS pixel at a latitude and zoom. */
export function metresPerPixel(latitude: number, zoom: number): number {
  return (40_075_016.7 * Math.cos((latitude * Math.PI) / 180)) / (256 * 2 ** zoom);
}

/** Unpacks the file once; about 10 ms for the demo's county. */
export function readBaseMap(file: BaseMapFile): BaseMap {
  const shapeOf = (path: PackedPath): Shape => unpack(path, file.originDeg, file.stepDeg);
  return {
    attribution: file.attribution,
    areas: new Map(file.areas.map((group) => [group.kind, group.rings.map(shapeOf)])),
    lines: new Map(
      file.lines.map((group) => [group.kind, group.paths.map((path, index): NamedShape => ({ ...shapeOf(path), name: group.names[index] ?? null }))]),
    ),
    buildings: new Map(file.buildings.map((group) => [group.storeys, group.rings.map(shapeOf)])),
    labels: file.labels.map((label) => {
      const [x, y] = toWorldPixel(file.originDeg[0] + label.at[0] * file.stepDeg, file.originDeg[1] + label.at[1] * file.stepDeg);
      return { kind: label.kind, name: label.name, x, y };
    }),
  };
}

/** True when any part of the shape's box, widened by `margin` pixels at the view's zoom, can be seen. */
export function isInView(shape: Shape, view: MapView, margin: number): boolean {
  const scale = 2 ** view.zoom;
  return (
    shape.maxX * scale >= view.left - margin &&
    shape.minX * scale <= view.left + view.width + margin &&
    shape.maxY * scale >= view.top - margin &&
    shape.minY * scale <= view.top + view.height + margin
  );
}

function unpack(path: PackedPath, originDeg: readonly [number, number], stepDeg: number): Shape {
  const points = new Float64Array(path.length);
  let [east, north] = [0, 0];
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index + 1 < path.length; index += 2) {
    east += path[index] ?? 0;
    north += path[index + 1] ?? 0;
    const [x, y] = toWorldPixel(originDeg[0] + east * stepDeg, originDeg[1] + north * stepDeg);
    points[index] = x;
    points[index + 1] = y;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  return { points, minX, minY, maxX, maxY };
}
