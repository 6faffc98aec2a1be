/** What each key does on the wall. */
import { zoomCommandOf, type ZoomCommand } from '../zoom/zoom-keys.ts';
import { layouts, type Direction, type Layout } from './wall-layout.ts';

export type WallCommand =
  | { readonly kind: 'layout'; readonly layout: Layout }
  | { readonly kind: 'move'; readonly direction: Direction }
  | { readonly kind: 'carry'; readonly direction: Direction }
  | { readonly kind: 'page'; readonly step: 1 | -1 }
  | { readonly kind: 'zoom'; readonly command: ZoomCommand }
  | {
      readonly kind:
        | 'solo'
        | 'leave'
        | 'clear'
        | 'snapshot'
        | 'patrol'
        | 'acknowledge'
        | 'help'
        | 'full-screen'
        | 'sound'
        | 'details'
        | 'playback'
        | 'stream';
    };

const directions: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

const plainKeys: Readonly<Record<string, Exclude<WallCommand['kind'], 'layout' | 'move' | 'carry' | 'page' | 'zoom'>>> = {
  enter: 'solo',
  escape: 'leave',
  delete: 'clear',
  backspace: 'clear',
  s: 'snapshot',
  p: 'patrol',
  a: 'acknowledge',
  f: 'full-screen',
  m: 'sound',
  i: 'details',
  b: 'playback',
  q: 'stream',
  '?': 'help',
};

/**
 * Null for keys that mean nothing here. Shift with an arrow carries the camera along. `isZoomed`: the selected tile is; then the
 * arrows move its picture, and Esc shows all of it.
 */
export function wallCommandOf(event: { readonly key: string; readonly shiftKey: boolean }, isZoomed: boolean): WallCommand | null {
  // What else Esc closes lies over the picture and goes first: that is for the page to say.
  const command = event.key === 'Escape' ? null : zoomCommandOf(event, isZoomed);
  if (command) return { kind: 'zoom', command };
  const direction = directions[event.key];
  if (direction) return { kind: event.shiftKey ? 'carry' : 'move', direction };
  if (event.key === 'PageDown') return { kind: 'page', step: 1 };
  if (event.key === 'PageUp') return { kind: 'page', step: -1 };
  const layout = /^[1-5]$/.test(event.key) ? layouts[Number(event.key) - 1] : undefined;
  if (layout) return { kind: 'layout', layout };
  const kind = plainKeys[event.key.toLowerCase()];
  return kind ? { kind } : null;
}

/** For the help: keys and the word of what they do, `wall.keys.{name}`. */
export const keyHelp: readonly { readonly keys: readonly string[]; readonly name: string }[] = [
  { keys: ['1', '2', '3', '4', '5'], name: 'layout' },
  { keys: ['←', '→', '↑', '↓'], name: 'move' },
  { keys: ['Shift', '←→↑↓'], name: 'carry' },
  { keys: ['Enter'], name: 'solo' },
  { keys: ['Delete'], name: 'clear' },
  { keys: ['S'], name: 'snapshot' },
  { keys: ['M'], name: 'sound' },
  { keys: ['+', '−', '0'], name: 'zoom' },
  { keys: ['←→↑↓', 'Esc'], name: 'zoomed' },
  { keys: ['I'], name: 'details' },
  { keys: ['Q'], name: 'stream' },
  { keys: ['B'], name: 'playback' },
  { keys: ['A'], name: 'acknowledge' },
  { keys: ['P'], name: 'patrol' },
  { keys: ['PageUp', 'PageDown'], name: 'page' },
  { keys: ['F'], name: 'fullScreen' },
  { keys: ['/'], name: 'search' },
  { keys: ['?'], name: 'help' },
];
