/**
 * Cameras on a Leaflet map: one marker per cluster, told apart by key, so that a change of state redraws a symbol without
 * taking the keyboard's focus away from it.
 */
import { DivIcon, LayerGroup, Marker } from 'leaflet';
import type { Map as LeafletMap } from 'leaflet';
import { clusterCameras, takesApartAt } from './camera-clusters.ts';
import type { CameraCluster, PlacedCamera } from './camera-clusters.ts';
import { symbolSize, symbolSvg } from './camera-symbols.ts';
import { fromWorldPixel } from './base-map.ts';

export interface CameraLayerCallbacks {
  cameraOpened(id: string): void;
  /** A cluster that zooming in does not take apart, or that has been taken apart already. */
  clusterOpened(cameras: readonly PlacedCamera[]): void;
  /** Name for the screen reader and the tooltip. */
  describe(cluster: CameraCluster): string;
}

/** Draws cameras; call `update` after anything changed. */
export class CameraLayer {
  readonly #map: LeafletMap;
  readonly #group = new LayerGroup();
  readonly #callbacks: CameraLayerCallbacks;
  readonly #shown = new Map<string, { marker: Marker; cluster: CameraCluster; drawn: string }>();
  #cameras: readonly PlacedCamera[] = [];
  #selectedIds: ReadonlySet<string> = new Set();
  #highlightedId: string | null = null;

  constructor(map: LeafletMap, callbacks: CameraLayerCallbacks) {
    this.#map = map;
    this.#callbacks = callbacks;
    this.#group.addTo(map);
  }

  setCameras(cameras: readonly PlacedCamera[]): void {
    this.#cameras = cameras;
    this.update();
  }

  setEmphasis(selectedIds: ReadonlySet<string>, highlightedId: string | null): void {
    this.#selectedIds = selectedIds;
    this.#highlightedId = highlightedId;
    this.update();
  }

  /** Groups for the zoom at hand and brings the markers in line; only what is near the screen has a marker. */
  update(): void {
    const bounds = this.#map.getBounds().pad(0.3);
    const wanted = new Map<string, CameraCluster>();
    for (const cluster of clusterCameras(this.#cameras, this.#map.getZoom())) {
      if (bounds.contains(fromWorldPixel(cluster.x, cluster.y))) wanted.set(cluster.key, cluster);
    }
    for (const [key, entry] of this.#shown) {
      if (wanted.has(key)) continue;
      entry.marker.remove();
      this.#shown.delete(key);
    }
    for (const cluster of wanted.values()) this.#show(cluster);
  }

  dispose(): void {
    this.#group.remove();
    this.#shown.clear();
  }

  #show(cluster: CameraCluster): void {
    const position = fromWorldPixel(cluster.x, cluster.y);
    const isSelected = cluster.cameras.some((camera) => this.#selectedIds.has(camera.id));
    const isHighlighted = cluster.cameras.some((camera) => camera.id === this.#highlightedId);
    const svg = symbolSvg(cluster, { isSelected, isHighlighted });
    const size = symbolSize(cluster);
    const label = this.#callbacks.describe(cluster);
    const drawn = `${size}|${label}|${svg}`;
    const known = this.#shown.get(cluster.key);
    if (known === undefined) {
      const marker = new Marker(position, { icon: iconOf(svg, size), keyboard: true, riseOnHover: true });
      marker.on('click', () => this.#open(cluster.key));
      // Leaflet gives markers the keyboard's focus but lets Enter do something for popups only.
      marker.on('keypress', (event) => {
        const { key } = event.originalEvent;
        if (key === 'Enter' || key === ' ') this.#open(cluster.key);
      });
      marker.addTo(this.#group);
      this.#shown.set(cluster.key, { marker, cluster, drawn });
      nameElement(marker, label);
      return;
    }
    known.cluster = cluster;
    known.marker.setLatLng(position);
    if (known.drawn === drawn) return;
    const element = known.marker.getElement();
    if (element === undefined || symbolSize(cluster) !== Number.parseInt(known.drawn, 10)) known.marker.setIcon(iconOf(svg, size));
    else element.innerHTML = svg;
    known.drawn = drawn;
    nameElement(known.marker, label);
  }

  #open(key: string): void {
    const cluster = this.#shown.get(key)?.cluster;
    const [first] = cluster?.cameras ?? [];
    if (cluster === undefined || first === undefined) return;
    if (cluster.cameras.length === 1) {
      this.#callbacks.cameraOpened(first.id);
      return;
    }
    const zoom = this.#map.getZoom();
    const apart = takesApartAt(cluster, zoom, this.#map.getMaxZoom());
    if (apart === null) this.#callbacks.clusterOpened(cluster.cameras);
    else this.#map.setView(fromWorldPixel(cluster.x, cluster.y), apart);
  }
}

function iconOf(svg: string, size: number): DivIcon {
  return new DivIcon({ html: svg, className: 'camera-symbol', iconSize: [size, size] });
}

function nameElement(marker: Marker, label: string): void {
  const element = marker.getElement();
  element?.setAttribute('aria-label', label);
  element?.setAttribute('title', label);
}
