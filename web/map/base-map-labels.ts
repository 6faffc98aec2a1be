/**
 * Where the base map's names stand. Placed once per zoom for the whole map, so that names are whole across tile edges and
 * stay where they are while the map is dragged.
 */
import { isInView } from './base-map.ts';
import type { BaseMap, MapView, NamedShape } from './base-map.ts';
import type { LabelKind, LineKind } from './base-map-format.ts';
import type { BaseMapPalette } from './base-map-palette.ts';

/** A name on the map; x and y are its middle in world pixels at the zoom it was placed for. */
export interface PlacedLabel {
  readonly text: string;
  readonly style: 'street' | 'place' | 'town' | 'water';
  readonly x: number;
  readonly y: number;
  readonly angleRad: number;
  readonly fontPx: number;
  /** Half the size of the upright box that the turned text needs. */
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** Chooses the names for a zoom: towns, then places, then streets from wide to narrow; whatever would touch another is left out. */
export function placeLabels(map: BaseMap, zoom: number): readonly PlacedLabel[] {
  const taken = new Occupied();
  const placed: PlacedLabel[] = [];
  const offer = (label: PlacedLabel): void => {
    if (taken.take(label)) placed.push(label);
  };
  const scale = 2 ** zoom;
  for (const label of map.labels) {
    const rule = PLACE_RULES[label.kind];
    if (zoom < rule.fromZoom) continue;
    offer(boxed({ text: label.name, style: rule.style, x: label.x * scale, y: label.y * scale, angleRad: 0, fontPx: rule.fontPx }));
  }
  for (const river of map.areas.get('river') ?? []) {
    if (zoom < 12) continue;
    for (const [x, y, angleRad] of alongBand(river.points, scale))
      offer(boxed({ text: '沱  江', style: 'water', x, y, angleRad, fontPx: zoom >= 15 ? 16 : 14 }));
  }
  for (const rule of STREET_RULES) {
    if (zoom < rule.fromZoom) continue;
    for (const street of map.lines.get(rule.kind) ?? []) {
      for (const label of alongStreet(street, scale, rule.fontPx + (zoom >= 17 ? 1 : 0))) offer(label);
    }
  }
  return placed;
}

/** Draws the placed names that can be seen in the view (same zoom as they were placed for). */
export function paintLabels(context: CanvasRenderingContext2D, labels: readonly PlacedLabel[], view: MapView, palette: BaseMapPalette): void {
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const label of labels) {
    const box = {
      minX: label.x - label.halfWidth,
      maxX: label.x + label.halfWidth,
      minY: label.y - label.halfHeight,
      maxY: label.y + label.halfHeight,
    };
    if (!isInView({ points: NO_POINTS, ...box }, { ...view, zoom: 0 }, 4)) continue;
    context.save();
    context.translate(label.x - view.left, label.y - view.top);
    context.rotate(label.angleRad);
    context.font = `${label.style === 'town' ? 600 : 400} ${label.fontPx}px ${MAP_FONT}`;
    context.strokeStyle = palette.text.halo;
    context.lineWidth = label.style === 'water' ? 0 : 3;
    if (context.lineWidth > 0 && label.style !== 'water') context.strokeText(label.text, 0, 0);
    context.fillStyle = palette.text[label.style];
    context.fillText(label.text, 0, 0);
    context.restore();
  }
}

/** Width in pixels that a text needs: Chinese characters are as wide as the font is high, the rest a bit over half. */
export function textWidthOf(text: string, fontPx: number): number {
  let ems = 0;
  for (const character of text) ems += character.codePointAt(0)! > 0x2e80 ? 1 : 0.56;
  return ems * fontPx;
}

const MAP_FONT = '"Noto Sans SC Variable", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const NO_POINTS = new Float64Array(0);

const PLACE_RULES: Readonly<Record<LabelKind, { readonly style: PlacedLabel['style']; readonly fromZoom: number; readonly fontPx: number }>> = {
  town: { style: 'town', fromZoom: 10, fontPx: 13 },
  river: { style: 'water', fromZoom: 12, fontPx: 14 },
  park: { style: 'place', fromZoom: 14, fontPx: 12 },
  hospital: { style: 'place', fromZoom: 15, fontPx: 12 },
  school: { style: 'place', fromZoom: 15, fontPx: 12 },
  square: { style: 'place', fromZoom: 15, fontPx: 12 },
  civic: { style: 'place', fromZoom: 16, fontPx: 12 },
  market: { style: 'place', fromZoom: 16, fontPx: 12 },
  station: { style: 'place', fromZoom: 14, fontPx: 12 },
};

const STREET_RULES: readonly { readonly kind: LineKind; readonly fromZoom: number; readonly fontPx: number }[] = [
  { kind: 'bridge', fromZoom: 15, fontPx: 12 },
  { kind: 'primary', fromZoom: 14, fontPx: 12 },
  { kind: 'motorway', fromZoom: 12, fontPx: 12 },
  { kind: 'country', fromZoom: 13, fontPx: 12 },
  { kind: 'secondary', fromZoom: 15, fontPx: 12 },
  { kind: 'rail', fromZoom: 13, fontPx: 12 },
  { kind: 'tertiary', fromZoom: 16, fontPx: 12 },
  { kind: 'residential', fromZoom: 17, fontPx: 12 },
];

/** A long street repeats its name after this many pixels. */
const REPEAT_PIXELS = 620;

function alongStreet(street: NamedShape, scale: number, fontPx: number): PlacedLabel[] {
  if (street.name === null) return [];
  const width = textWidthOf(street.name, fontPx);
  const lengths = cumulativeLengths(street.points, scale);
  const total = lengths.at(-1) ?? 0;
  if (total < width + 16) return [];
  const count = Math.max(1, Math.floor(total / REPEAT_PIXELS));
  const labels: PlacedLabel[] = [];
  for (let index = 0; index < count; index++) {
    const middle = (total * (index + 0.5)) / count;
    const from = pointAt(street.points, lengths, scale, middle - width / 2);
    const to = pointAt(street.points, lengths, scale, middle + width / 2);
    const centre = pointAt(street.points, lengths, scale, middle);
    // On a bend the straight text would leave the street.
    const chordMiddle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
    if (Math.hypot(chordMiddle[0] - centre[0], chordMiddle[1] - centre[1]) > 4) continue;
    labels.push(
      boxed({
        text: street.name,
        style: 'street',
        x: chordMiddle[0],
        y: chordMiddle[1],
        angleRad: upright(Math.atan2(to[1] - from[1], to[0] - from[0])),
        fontPx,
      }),
    );
  }
  return labels;
}

/** Places along the middle of a band ring (its first half is one bank, the second the other, backwards). */
function alongBand(points: Float64Array, scale: number): [x: number, y: number, angleRad: number][] {
  const half = Math.floor(points.length / 4);
  const middleOf = (index: number): [number, number] => {
    const other = points.length / 2 - 1 - index;
    return [
      (((points[2 * index] ?? 0) + (points[2 * other] ?? 0)) / 2) * scale,
      (((points[2 * index + 1] ?? 0) + (points[2 * other + 1] ?? 0)) / 2) * scale,
    ];
  };
  const places: [number, number, number][] = [];
  let sinceLast = REPEAT_PIXELS;
  for (let index = 1; index < half - 1; index++) {
    const [before, here, after] = [middleOf(index - 1), middleOf(index), middleOf(index + 1)];
    sinceLast += Math.hypot(here[0] - before[0], here[1] - before[1]);
    if (sinceLast < REPEAT_PIXELS * 1.1) continue;
    sinceLast = 0;
    places.push([here[0], here[1], upright(Math.atan2(after[1] - before[1], after[0] - before[0]))]);
  }
  return places;
}

/** Turned so that nobody has to read upside down. */
function upright(angleRad: number): number {
  if (angleRad > Math.PI / 2) return angleRad - Math.PI;
  return angleRad <= -Math.PI / 2 ? angleRad + Math.PI : angleRad;
}

function boxed(label: Omit<PlacedLabel, 'halfWidth' | 'halfHeight'>): PlacedLabel {
  const width = textWidthOf(label.text, label.fontPx);
  const cos = Math.abs(Math.cos(label.angleRad));
  const sin = Math.abs(Math.sin(label.angleRad));
  return { ...label, halfWidth: (width * cos + label.fontPx * sin) / 2 + 3, halfHeight: (width * sin + label.fontPx * cos) / 2 + 3 };
}

function cumulativeLengths(points: Float64Array, scale: number): number[] {
  const lengths = [0];
  for (let index = 2; index + 1 < points.length; index += 2) {
    const step = Math.hypot((points[index] ?? 0) - (points[index - 2] ?? 0), (points[index + 1] ?? 0) - (points[index - 1] ?? 0)) * scale;
    lengths.push((lengths.at(-1) ?? 0) + step);
  }
  return lengths;
}

function pointAt(points: Float64Array, lengths: readonly number[], scale: number, distance: number): [x: number, y: number] {
  let index = 1;
  while (index < lengths.length - 1 && (lengths[index] ?? 0) < distance) index++;
  const [start, end] = [lengths[index - 1] ?? 0, lengths[index] ?? 0];
  const share = end > start ? (distance - start) / (end - start) : 0;
  const x0 = points[2 * index - 2] ?? 0;
  const y0 = points[2 * index - 1] ?? 0;
  return [(x0 + ((points[2 * index] ?? x0) - x0) * share) * scale, (y0 + ((points[2 * index + 1] ?? y0) - y0) * share) * scale];
}

/** Boxes already used, in cells of 128 px, so that a thousand names stay far from a million comparisons. */
class Occupied {
  private readonly cells = new Map<string, PlacedLabel[]>();

  /** True and remembered when the label touches none before it. */
  take(label: PlacedLabel): boolean {
    const keys = cellsOf(label);
    const isTouching = keys.some((key) =>
      this.cells
        .get(key)
        ?.some(
          (other) =>
            Math.abs(other.x - label.x) < other.halfWidth + label.halfWidth && Math.abs(other.y - label.y) < other.halfHeight + label.halfHeight,
        ),
    );
    if (isTouching) return false;
    for (const key of keys) this.cells.set(key, [...(this.cells.get(key) ?? []), label]);
    return true;
  }
}

function cellsOf(label: PlacedLabel): string[] {
  const keys: string[] = [];
  for (let x = Math.floor((label.x - label.halfWidth) / 128); x <= Math.floor((label.x + label.halfWidth) / 128); x++) {
    for (let y = Math.floor((label.y - label.halfHeight) / 128); y <= Math.floor((label.y + label.halfHeight) / 128); y++) keys.push(`${x}:${y}`);
  }
  return keys;
}
