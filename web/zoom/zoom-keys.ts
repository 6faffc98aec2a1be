/** What the keys do to a zoomed picture: `+` `−` `0`, and while it is zoomed the arrows and Esc. */

export type ZoomCommand = 'in' | 'out' | 'reset' | 'left' | 'right' | 'up' | 'down';

const always: ReadonlyMap<string, ZoomCommand> = new Map([
  ['+', 'in'],
  ['=', 'in'],
  ['-', 'out'],
  ['_', 'out'],
  ['0', 'reset'],
]);
const whileZoomed: ReadonlyMap<string, ZoomCommand> = new Map([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['Escape', 'reset'],
]);

/** Null for keys that mean nothing to the zoom now. Shift with an arrow is left to others. */
export function zoomCommandOf(event: { readonly key: string; readonly shiftKey: boolean }, isZoomed: boolean): ZoomCommand | null {
  return always.get(event.key) ?? (isZoomed && !event.shiftKey ? whileZoomed.get(event.key) : undefined) ?? null;
}
