/**
 * The map itself: owns the Leaflet map and its layers. A component mounts it on an element, feeds it and disposes it; nothing
 * else touches Leaflet.
 */
import { Control, LatLngBounds, LayerGroup, Map as LeafletMap, Polygon } from 'leaflet';
import type { LatLngExpression } from 'leaflet';
import type { BaseMap } from './base-map.ts';
import { toWorldPixel } from './base-map.ts';
import { BaseMapLayer } from './base-map-layer.ts';
import type { BaseMapPalette } from './base-map-palette.ts';
import { beginBoxPick } from './box-pick.ts';
import { CameraLayer } from './camera-layer.ts';
import type { CameraLayerCallbacks } from './camera-layer.ts';
import type { PlacedCamera } from './camera-clusters.ts';
import { CompoundLayer } from './compound-layer.ts';
import type { CompoundShape } from './compound-layer.ts';
import { ZOOM_LIMITS } from './map-query.ts';
import type { MapPlace } from './map-query.ts';
import type { SeenCamera } from './map-tiles.ts';
import { viewSector } from './view-sector.ts';

export interface DistrictMapCallbacks extends CameraLayerCallbacks {
  moved(place: MapPlace): void;
  compoundOpened(id: string): void;
}

export interface CameraDirection {
  readonly latitude: number;
  readonly longitude: number;
  readonly bearingDeg: number;
}

/** Degrees: south west and north east corner. */
export type MapBounds = readonly [south: number, west: number, north: number, east: number];

/** A mounted map. Everything set is drawn at once; `dispose` takes all of it off again. */
export class DistrictMap {
  readonly #map: LeafletMap;
  readonly #base: BaseMapLayer;
  readonly #compounds: CompoundLayer;
  readonly #cameras: CameraLayer;
  readonly #sectors = new LayerGroup();
  readonly #observer: ResizeObserver;
  #directions: readonly CameraDirection[] = [];
  #placed: readonly PlacedCamera[] = [];
  #giveUpPicking: (() => void) | null = null;

  constructor(element: HTMLElement, baseMap: BaseMap, palette: BaseMapPalette, place: MapPlace | MapBounds, callbacks: DistrictMapCallbacks) {
    this.#map = new LeafletMap(element, {
      zoomControl: false,
      attributionControl: false,
      minZoom: ZOOM_LIMITS.least,
      maxZoom: ZOOM_LIMITS.most,
      boxZoom: false,
    });
    new Control.Attribution({ position: 'bottomleft', prefix: false }).addTo(this.#map);
    new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(this.#map);
    this.show(place, false);
    this.#base = new BaseMapLayer(baseMap, palette);
    this.#base.addTo(this.#map);
    this.#sectors.addTo(this.#map);
    this.#compounds = new CompoundLayer(this.#map, (id) => callbacks.compoundOpened(id));
    this.#cameras = new CameraLayer(this.#map, callbacks);
    this.#map.on('moveend', () => {
      this.#cameras.update();
      this.#drawSectors();
      callbacks.moved(this.place);
    });
    this.#observer = new ResizeObserver(() => this.#map.invalidateSize({ pan: false }));
    this.#observer.observe(element);
  }

  get place(): MapPlace {
    const centre = this.#map.getCenter();
    return { latitude: centre.lat, longitude: centre.lng, zoom: this.#map.getZoom() };
  }

  /** Goes to a place, or so that the bounds fill the map. */
  show(place: MapPlace | MapBounds, isAnimated: boolean): void {
    if ('zoom' in place) this.#map.setView([place.latitude, place.longitude], place.zoom, { animate: isAnimated });
    else this.#map.fitBounds(new LatLngBounds([place[0], place[1]], [place[2], place[3]]), { padding: [56, 56], maxZoom: 17, animate: isAnimated });
  }

  zoomBy(steps: number): void {
    this.#map.setZoom(this.#map.getZoom() + steps);
  }

  setPalette(palette: BaseMapPalette): void {
    this.#base.setPalette(palette);
  }

  setCompounds(compounds: readonly CompoundShape[]): void {
    this.#compounds.setCompounds(compounds);
  }

  setCameras(cameras: readonly PlacedCamera[]): void {
    this.#placed = cameras;
    this.#cameras.setCameras(cameras);
  }

  /** Where cameras look; drawn from zoom 17. */
  setDirections(directions: readonly CameraDirection[]): void {
    this.#directions = directions;
    this.#drawSectors();
  }

  setEmphasis(selectedIds: ReadonlySet<string>, highlightedId: string | null): void {
    this.#cameras.setEmphasis(selectedIds, highlightedId);
  }

  /** Cameras inside the map's frame, with their distance to its middle in pixels at zoom 0. */
  seenCameras(): readonly SeenCamera[] {
    const bounds = this.#map.getBounds();
    const centre = this.#map.getCenter();
    const [x, y] = toWorldPixel(centre.lng, centre.lat);
    const [west, north] = toWorldPixel(bounds.getWest(), bounds.getNorth());
    const [east, south] = toWorldPixel(bounds.getEast(), bounds.getSouth());
    return this.#placed
      .filter((camera) => camera.x >= west && camera.x <= east && camera.y >= north && camera.y <= south)
      .map((camera) => ({ id: camera.id, distance: Math.hypot(camera.x - x, camera.y - y) }));
  }

  /** Lets the person draw a box; gives the ids inside, or null when he gave up. A second call gives up the first. */
  pickBox(onDone: (ids: readonly string[] | null) => void): void {
    this.#giveUpPicking?.();
    this.#giveUpPicking = beginBoxPick(this.#map, (bounds) => {
      this.#giveUpPicking = null;
      if (bounds === null) {
        onDone(null);
        return;
      }
      const [west, north] = toWorldPixel(bounds.getWest(), bounds.getNorth());
      const [east, south] = toWorldPixel(bounds.getEast(), bounds.getSouth());
      onDone(
        this.#placed.filter((camera) => camera.x >= west && camera.x <= east && camera.y >= north && camera.y <= south).map((camera) => camera.id),
      );
    });
  }

  giveUpPicking(): void {
    this.#giveUpPicking?.();
  }

  dispose(): void {
    this.#giveUpPicking?.();
    this.#observer.disconnect();
    this.#cameras.dispose();
    this.#compounds.dispose();
    this.#map.remove();
  }

  #drawSectors(): void {
    this.#sectors.clearLayers();
    if (this.#map.getZoom() < SECTORS_FROM_ZOOM) return;
    const bounds = this.#map.getBounds().pad(0.1);
    for (const { latitude, longitude, bearingDeg } of this.#directions) {
      if (!bounds.contains([latitude, longitude])) continue;
      const corners = viewSector(latitude, longitude, bearingDeg).map((corner): LatLngExpression => [corner[0], corner[1]]);
      new Polygon(corners, { stroke: false, fillColor: 'var(--text)', fillOpacity: 0.13, interactive: false }).addTo(this.#sectors);
    }
  }
}

/** Wider out, sectors would be a few pixels of noise. */
const SECTORS_FROM_ZOOM = 17;
