/**
 * Paints one window of the base map on a canvas: land, water, greens, streets with casings, buildings.
 *
 * Pure drawing: it reads shapes and a palette and touches nothing but the context it is given. Zooms 10 to 19.
 */
import { isInView, metresPerPixel } from './base-map.ts';
import type { BaseMap, MapView, Shape } from './base-map.ts';
import type { AreaKind, LineKind } from './base-map-format.ts';
import type { BaseMapPalette } from './base-map-palette.ts';

/** The part of a 2D context that painting needs. */
export type PaintContext = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
>;

/** Paints the view at the context's origin, one unit per CSS pixel. About 3 ms for a 256 px tile full of houses. */
export function paintBaseMap(context: PaintContext, map: BaseMap, view: MapView, palette: BaseMapPalette): void {
  context.fillStyle = palette.outside;
  context.fillRect(0, 0, view.width, view.height);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const layer of AREA_ORDER) {
    if (view.zoom < layer.fromZoom) continue;
    const shapes = visible(map.areas.get(layer.kind), view, 4);
    fillAll(context, shapes, view, palette.areas[layer.kind]);
    if (layer.edge !== null && view.zoom >= layer.edge.fromZoom) strokeAll(context, shapes, view, palette[layer.edge.colour], layer.edge.width, true);
  }
  paintLines(context, map, view, palette);
  if (view.zoom >= 14) paintBuildings(context, map, view, palette);
}

/** Width of a line on screen in CSS pixels: its true width, but never so thin that the hierarchy is lost. */
export function lineWidthOf(kind: LineKind, zoom: number): number {
  const style = LINE_STYLES[kind];
  return Math.max(style.leastPixels * Math.min(1.6, 1 + Math.max(0, zoom - 14) * 0.15), style.metres / metresPerPixel(DISTRICT_LATITUDE, zoom));
}

interface AreaLayer {
  readonly kind: AreaKind;
  readonly fromZoom: number;
  readonly edge: { readonly colour: 'lotEdge' | 'countyEdge' | 'waterEdge'; readonly fromZoom: number; readonly width: number } | null;
}

/** From the ground up. */
const AREA_ORDER: readonly AreaLayer[] = [
  { kind: 'county', fromZoom: 0, edge: { colour: 'countyEdge', fromZoom: 0, width: 1.5 } },
  { kind: 'farmland', fromZoom: 12, edge: null },
  { kind: 'hill', fromZoom: 11, edge: null },
  { kind: 'block', fromZoom: 11, edge: null },
  { kind: 'lot', fromZoom: 14, edge: { colour: 'lotEdge', fromZoom: 16, width: 1 } },
  { kind: 'industry', fromZoom: 13, edge: { colour: 'lotEdge', fromZoom: 16, width: 1 } },
  { kind: 'school', fromZoom: 13, edge: { colour: 'lotEdge', fromZoom: 16, width: 1 } },
  { kind: 'hospital', fromZoom: 13, edge: { colour: 'lotEdge', fromZoom: 16, width: 1 } },
  { kind: 'square', fromZoom: 13, edge: null },
  { kind: 'civic', fromZoom: 14, edge: { colour: 'lotEdge', fromZoom: 16, width: 1 } },
  { kind: 'park', fromZoom: 12, edge: null },
  { kind: 'garden', fromZoom: 15, edge: null },
  { kind: 'track', fromZoom: 15, edge: null },
  { kind: 'field', fromZoom: 15, edge: null },
  { kind: 'embankment', fromZoom: 13, edge: null },
  { kind: 'river', fromZoom: 0, edge: { colour: 'waterEdge', fromZoom: 13, width: 1 } },
  { kind: 'pond', fromZoom: 13, edge: { colour: 'waterEdge', fromZoom: 15, width: 1 } },
];

interface LineStyle {
  readonly fromZoom: number;
  readonly metres: number;
  readonly leastPixels: number;
}

const LINE_STYLES: Readonly<Record<LineKind, LineStyle>> = {
  path: { fromZoom: 15, metres: 3, leastPixels: 1 },
  country: { fromZoom: 10, metres: 10, leastPixels: 1.1 },
  residential: { fromZoom: 14, metres: 7, leastPixels: 0.9 },
  tertiary: { fromZoom: 13, metres: 11.5, leastPixels: 1.1 },
  secondary: { fromZoom: 12, metres: 18, leastPixels: 1.7 },
  primary: { fromZoom: 11, metres: 27, leastPixels: 2.3 },
  bridge: { fromZoom: 12, metres: 23, leastPixels: 2.1 },
  motorway: { fromZoom: 9, metres: 26, leastPixels: 2 },
  rail: { fromZoom: 10, metres: 5, leastPixels: 1.4 },
};

const LINE_ORDER: readonly LineKind[] = ['path', 'country', 'residential', 'tertiary', 'secondary', 'primary', 'motorway', 'bridge'];

/** Widths in metres need one latitude; over a county the scale differs by less than 0.5 %. */
const DISTRICT_LATITUDE = 29.77;

function paintLines(context: PaintContext, map: BaseMap, view: MapView, palette: BaseMapPalette): void {
  const drawn = LINE_ORDER.filter((kind) => view.zoom >= LINE_STYLES[kind].fromZoom).map((kind) => ({
    kind,
    shapes: visible(map.lines.get(kind), view, 40),
  }));
  // All casings before all fills: that is what makes crossings run into each other.
  for (const { kind, shapes } of drawn) {
    if (kind === 'bridge') continue;
    strokeAll(context, shapes, view, palette.lines[kind].casing, lineWidthOf(kind, view.zoom) + (view.zoom >= 15 ? 2 : 1.2), false);
  }
  for (const { kind, shapes } of drawn) {
    const width = lineWidthOf(kind, view.zoom);
    if (kind === 'bridge') {
      context.lineCap = 'butt';
      strokeAll(context, shapes, view, palette.lines.bridge.casing, width + 4, false);
      context.lineCap = 'round';
    }
    strokeAll(context, shapes, view, palette.lines[kind].fill, width, false);
  }
  const rails = view.zoom >= LINE_STYLES.rail.fromZoom ? visible(map.lines.get('rail'), view, 10) : [];
  const width = lineWidthOf('rail', view.zoom);
  strokeAll(context, rails, view, palette.lines.rail.fill, width + 1, false);
  if (view.zoom < 12) return;
  context.lineCap = 'butt';
  context.setLineDash([10, 10]);
  strokeAll(context, rails, view, palette.lines.rail.casing, Math.max(0.8, width - 0.8), false);
  context.setLineDash([]);
  context.lineCap = 'round';
}

function paintBuildings(context: PaintContext, map: BaseMap, view: MapView, palette: BaseMapPalette): void {
  for (const [storeys, all] of map.buildings) {
    const shapes = visible(all, view, 4);
    fillAll(context, shapes, view, palette.buildings[storeys]);
    if (view.zoom >= 16) strokeAll(context, shapes, view, palette.buildingEdge, view.zoom >= 17 ? 1 : 0.6, true);
  }
}

function visible(shapes: readonly Shape[] | undefined, view: MapView, margin: number): readonly Shape[] {
  return (shapes ?? []).filter((shape) => isInView(shape, view, margin));
}

function fillAll(context: PaintContext, shapes: readonly Shape[], view: MapView, colour: string): void {
  if (shapes.length === 0) return;
  context.fillStyle = colour;
  context.beginPath();
  for (const shape of shapes) trace(context, shape, view, true);
  context.fill();
}

function strokeAll(context: PaintContext, shapes: readonly Shape[], view: MapView, colour: string, width: number, isClosed: boolean): void {
  if (shapes.length === 0) return;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (const shape of shapes) trace(context, shape, view, isClosed);
  context.stroke();
}

function trace(context: PaintContext, shape: Shape, view: MapView, isClosed: boolean): void {
  const scale = 2 ** view.zoom;
  const { points } = shape;
  for (let index = 0; index + 1 < points.length; index += 2) {
    const x = (points[index] ?? 0) * scale - view.left;
    const y = (points[index + 1] ?? 0) * scale - view.top;
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  if (isClosed) context.closePath();
}
