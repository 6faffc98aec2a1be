/**
 * What of the map is kept in its URL, so that a link shows the same place, camera and split. Pure.
 *
 * `/map?at=29.768500,104.852000,15&camera=…&pick=…,…&fill=alarms&split=1`
 */
import type { FillMode } from './compound-fill.ts';

export interface MapPlace {
  readonly latitude: number;
  readonly longitude: number;
  readonly zoom: number;
}

export interface MapQuery {
  /** Null: everything there is. */
  readonly place: MapPlace | null;
  /** The camera whose card is open. */
  readonly cameraId: string | null;
  /** Cameras picked with the box. */
  readonly pickedIds: readonly string[];
  readonly fill: FillMode;
  readonly isSplit: boolean;
}

/** Zooms the base map is drawn for. */
export const ZOOM_LIMITS = { least: 10, most: 19 } as const;

/** A URL stays short enough for every proxy with this many ids of 36 characters. */
const PICKED_AT_MOST = 50;

type RawQuery = Readonly<Record<string, string | null | undefined | readonly (string | null)[]>>;

/** Reads a query; whatever is missing or makes no sense is as if it were not there. */
export function parseMapQuery(query: RawQuery): MapQuery {
  return {
    place: parsePlace(textOf(query['at'])),
    cameraId: textOf(query['camera']) || null,
    pickedIds: textOf(query['pick'])
      .split(',')
      .filter((id) => id !== '')
      .slice(0, PICKED_AT_MOST),
    fill: textOf(query['fill']) === 'alarms' ? 'alarms' : 'coverage',
    isSplit: textOf(query['split']) === '1',
  };
}

/** Writes a query without what is as usual. */
export function formatMapQuery(query: MapQuery): Record<string, string> {
  const written: Record<string, string> = {};
  if (query.place !== null) written['at'] = `${query.place.latitude.toFixed(6)},${query.place.longitude.toFixed(6)},${query.place.zoom}`;
  if (query.cameraId !== null) written['camera'] = query.cameraId;
  if (query.pickedIds.length > 0) written['pick'] = query.pickedIds.slice(0, PICKED_AT_MOST).join(',');
  if (query.fill !== 'coverage') written['fill'] = query.fill;
  if (query.isSplit) written['split'] = '1';
  return written;
}

function parsePlace(text: string): MapPlace | null {
  const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(\d{1,2})$/.exec(text);
  if (match === null) return null;
  const [latitude, longitude, zoom] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (Math.abs(latitude) > 85 || Math.abs(longitude) > 180) return null;
  return { latitude, longitude, zoom: Math.min(ZOOM_LIMITS.most, Math.max(ZOOM_LIMITS.least, zoom)) };
}

function textOf(value: RawQuery[string]): string {
  return typeof value === 'string' ? value : '';
}
