/**
 * The base map as a Leaflet layer: tiles painted in the browser from the bundled shapes, so that the map needs no internet
 * and no tile server.
 */
import { GridLayer } from 'leaflet';
import type { Coords } from 'leaflet';
import type { BaseMap, MapView } from './base-map.ts';
import { paintLabels, placeLabels } from './base-map-labels.ts';
import type { PlacedLabel } from './base-map-labels.ts';
import { paintBaseMap } from './base-map-paint.ts';
import type { BaseMapPalette } from './base-map-palette.ts';

/** Paints a base map under everything else. */
export class BaseMapLayer extends GridLayer {
  readonly #map: BaseMap;
  #palette: BaseMapPalette;
  /** Names by zoom; placing them takes some ms and gives the same for every tile. */
  readonly #labels = new Map<number, readonly PlacedLabel[]>();

  constructor(map: BaseMap, palette: BaseMapPalette) {
    super({ tileSize: TILE_PIXELS, attribution: map.attribution, keepBuffer: 1, updateWhenZooming: false });
    this.#map = map;
    this.#palette = palette;
  }

  /** Changes the colours of everything in sight. */
  setPalette(palette: BaseMapPalette): void {
    if (palette === this.#palette) return;
    this.#palette = palette;
    this.redraw();
  }

  protected override createTile(coords: Coords): HTMLElement {
    const canvas = document.createElement('canvas');
    // More than two device pixels per CSS pixel cost paint time that no eye sees on a map.
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = TILE_PIXELS * ratio;
    canvas.height = TILE_PIXELS * ratio;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return canvas;
    context.scale(ratio, ratio);
    const view: MapView = { zoom: coords.z, left: coords.x * TILE_PIXELS, top: coords.y * TILE_PIXELS, width: TILE_PIXELS, height: TILE_PIXELS };
    paintBaseMap(context, this.#map, view, this.#palette);
    paintLabels(context, this.#labelsAt(coords.z), view, this.#palette);
    return canvas;
  }

  #labelsAt(zoom: number): readonly PlacedLabel[] {
    const known = this.#labels.get(zoom);
    if (known !== undefined) return known;
    const placed = placeLabels(this.#map, zoom);
    this.#labels.set(zoom, placed);
    return placed;
  }
}

const TILE_PIXELS = 256;
