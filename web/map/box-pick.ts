/** Picking cameras by drawing a box on the map: press, drag, let go. Escape gives up. */
import { DomEvent, LatLngBounds, Rectangle } from 'leaflet';
import type { LatLng, LeafletMouseEvent, Map as LeafletMap } from 'leaflet';

/** Puts the map into box mode. `onDone` gets the box, or null when it was given up; the map is as before then. Returns a way to give up. */
export function beginBoxPick(map: LeafletMap, onDone: (bounds: LatLngBounds | null) => void): () => void {
  const container = map.getContainer();
  let start: LatLng | null = null;
  let box: Rectangle | null = null;
  let isOver = false;

  const finish = (bounds: LatLngBounds | null): void => {
    if (isOver) return;
    isOver = true;
    box?.remove();
    map.dragging.enable();
    map.off('mousedown', press).off('mousemove', drag).off('mouseup', release);
    document.removeEventListener('keydown', giveUpOnEscape);
    container.classList.remove('is-picking');
    onDone(bounds);
  };
  const press = (event: LeafletMouseEvent): void => {
    DomEvent.stop(event.originalEvent);
    start = event.latlng;
    box = new Rectangle(new LatLngBounds(start, start), { color: 'var(--accent)', weight: 1.5, fillOpacity: 0.1, interactive: false }).addTo(map);
  };
  const drag = (event: LeafletMouseEvent): void => {
    if (start !== null) box?.setBounds(new LatLngBounds(start, event.latlng));
  };
  const release = (event: LeafletMouseEvent): void => {
    if (start !== null) finish(new LatLngBounds(start, event.latlng));
  };
  const giveUpOnEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') finish(null);
  };

  map.dragging.disable();
  container.classList.add('is-picking');
  map.on('mousedown', press).on('mousemove', drag).on('mouseup', release);
  document.addEventListener('keydown', giveUpOnEscape);
  return () => finish(null);
}
