/**
 * The bundled base map's file format, version 1.
 *
 * ```
 * { format, attribution, originDeg: [lng, lat], stepDeg,
 *   areas:     [{ kind, rings: [[x0, y0, dx1, dy1, …], …] }, …]     closed, the first point is not repeated
 *   lines:     [{ kind, paths: [[x0, y0, dx1, dy1, …], …], names: [string | null, …] }, …]
 *   buildings: [{ storeys, rings: […] }, …]
 *   labels:    [{ kind, name, at: [x, y] }, …] }
 * ```
 *
 * Coordinates are whole steps of `stepDeg` from the origin; every point after the first is the difference to the one
 * before. That makes the file a quarter of the same GeoJSON. WGS-84, like every stored position.
 */

export type AreaKind =
  | 'county'
  | 'river'
  | 'pond'
  | 'embankment'
  | 'hill'
  | 'farmland'
  | 'block'
  | 'lot'
  | 'park'
  | 'school'
  | 'hospital'
  | 'square'
  | 'civic'
  | 'industry'
  | 'garden'
  | 'track'
  | 'field';

export type LineKind = 'motorway' | 'primary' | 'secondary' | 'tertiary' | 'residential' | 'country' | 'path' | 'rail' | 'bridge';

export type Storeys = 'low' | 'middle' | 'high';

export type LabelKind = 'town' | 'river' | 'park' | 'school' | 'hospital' | 'square' | 'civic' | 'market' | 'station';

/** A path or ring as differences, in steps. */
export type PackedPath = readonly number[];

export interface BaseMapFile {
  readonly format: 'yilan-base-map/1';
  readonly attribution: string;
  readonly originDeg: readonly [longitude: number, latitude: number];
  readonly stepDeg: number;
  readonly areas: readonly { readonly kind: AreaKind; readonly rings: readonly PackedPath[] }[];
  readonly lines: readonly {
    readonly kind: LineKind;
    readonly paths: readonly PackedPath[];
    /** One per path; null for nameless lanes. */
    readonly names: readonly (string | null)[];
  }[];
  readonly buildings: readonly { readonly storeys: Storeys; readonly rings: readonly PackedPath[] }[];
  readonly labels: readonly { readonly kind: LabelKind; readonly name: string; readonly at: readonly [number, number] }[];
}
