/** Compounds on a Leaflet map: their outline, filled by what the legend says, and their name from zoom 15. */
import { LatLngBounds, LayerGroup, Polygon, Tooltip } from 'leaflet';
import type { LatLngExpression, Map as LeafletMap } from 'leaflet';
import { FILL_STYLES } from './compound-fill.ts';
import type { CompoundFill } from './compound-fill.ts';

export interface CompoundShape {
  readonly id: string;
  readonly name: string;
  /** A few characters beside the name: points covered, alarms open. */
  readonly detail: string;
  /** Outer ring, [latitude, longitude]. */
  readonly ring: readonly (readonly [latitude: number, longitude: number])[];
  readonly fill: CompoundFill;
}

/** Draws compounds. Their outlines cannot be focused: the ledger page lists the same compounds for the keyboard. */
export class CompoundLayer {
  readonly #map: LeafletMap;
  readonly #group = new LayerGroup();
  readonly #onOpened: (id: string) => void;

  constructor(map: LeafletMap, onOpened: (id: string) => void) {
    this.#map = map;
    this.#onOpened = onOpened;
    this.#group.addTo(map);
    // Under the cameras (600) and over the outlines (400): a name must not hide a state.
    map.createPane(NAMES_PANE).style.zIndex = '550';
    map.on('zoomend', this.#showNames, this);
    this.#showNames();
  }

  setCompounds(compounds: readonly CompoundShape[]): void {
    this.#group.clearLayers();
    for (const compound of compounds) {
      const style = FILL_STYLES[compound.fill];
      const outline = new Polygon(
        compound.ring.map(([latitude, longitude]): LatLngExpression => [latitude, longitude]),
        {
          color: `var(${style.colour})`,
          weight: 1.5,
          opacity: 0.85,
          fillColor: `var(${style.colour})`,
          fillOpacity: style.fillOpacity,
          className: 'compound-outline',
          ...(style.dashes === null ? {} : { dashArray: style.dashes }),
        },
      );
      const { id } = compound;
      outline.on('click', () => this.#onOpened(id));
      outline.addTo(this.#group);
      const bounds = new LatLngBounds(compound.ring.map(([latitude, longitude]): [number, number] => [latitude, longitude]));
      new Tooltip({ permanent: true, direction: 'bottom', offset: [0, 8], className: 'compound-name', opacity: 1, pane: NAMES_PANE })
        .setLatLng([bounds.getSouth(), bounds.getCenter().lng])
        .setContent(nameElement(compound))
        .addTo(this.#group);
    }
  }

  dispose(): void {
    this.#map.off('zoomend', this.#showNames, this);
    this.#group.remove();
  }

  readonly #showNames = (): void => {
    this.#map.getContainer().classList.toggle('has-compound-names', this.#map.getZoom() >= NAMES_FROM_ZOOM);
  };
}

const NAMES_PANE = 'compound-names';

/** Below, the names of a dozen compounds would cover the town. */
const NAMES_FROM_ZOOM = 15;

/** Built from nodes: names come from people and must never become markup. */
function nameElement(compound: CompoundShape): HTMLElement {
  const element = document.createElement('span');
  const name = document.createElement('b');
  name.textContent = compound.name;
  element.append(name);
  if (compound.detail !== '') element.append(` ${compound.detail}`);
  return element;
}
