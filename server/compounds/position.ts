/** Positions on the earth, WGS-84 degrees, as request fields. A place is known by both numbers or by none, and never lies at 0,0. */
import { z } from 'zod';

/** The pair of request fields; `null` takes a known position back. */
export const positionFields = {
  longitude: z.number().min(-180).max(180).nullable().optional(),
  latitude: z.number().min(-90).max(90).nullable().optional(),
};

export interface PositionFields {
  readonly longitude?: number | null | undefined;
  readonly latitude?: number | null | undefined;
}

/** What is wrong with a position, in words for `errors[].message`, or null. */
export function judgePosition(position: PositionFields): string | null {
  const longitude = position.longitude ?? null;
  const latitude = position.latitude ?? null;
  if ((longitude === null) !== (latitude === null)) return 'longitude and latitude are given together or not at all';
  // 0,0 is what devices report that do not know where they are; it lies in the Gulf of Guinea.
  if (longitude === 0 && latitude === 0) return 'position 0,0 means unknown: leave it out';
  return null;
}

/** For `schema.superRefine`: adds the fault of {@link judgePosition} as an issue. */
export function refinePosition(position: PositionFields, context: z.RefinementCtx): void {
  const fault = judgePosition(position);
  if (fault !== null) context.addIssue({ code: 'custom', path: ['longitude'], message: fault });
}

/** A GeoJSON polygon: closed rings of at least four corners, at most 2,000 in all. */
export const geoPolygon = z
  .strictObject({
    type: z.literal('Polygon'),
    coordinates: z
      .array(
        z
          .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
          .min(4)
          .max(2000),
      )
      .min(1)
      .max(20),
  })
  .superRefine((polygon, context) => {
    polygon.coordinates.forEach((ring, index) => {
      const first = ring[0];
      const last = ring.at(-1);
      if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
        context.addIssue({ code: 'custom', path: ['coordinates', index], message: 'the last corner of a ring repeats the first' });
      }
    });
    if (polygon.coordinates.reduce((corners, ring) => corners + ring.length, 0) > 2000) {
      context.addIssue({ code: 'custom', path: ['coordinates'], message: 'more than 2,000 corners' });
    }
  });
