/** The patrol (轮巡) as a value: pages change by themselves, and stand still while somebody points at a tile. */

export type Patrol =
  | { readonly kind: 'off' }
  | { readonly kind: 'running'; readonly seconds: number; readonly nextAtMs: number }
  /** `leftMs` of the page's time remain when the pointer goes away. */
  | { readonly kind: 'held'; readonly seconds: number; readonly leftMs: number };

/** Times a page may stand, seconds. */
export const patrolSecondsChoices: readonly number[] = [5, 10, 15, 30, 60];

export function startPatrol(seconds: number, nowMs: number): Patrol {
  return { kind: 'running', seconds, nextAtMs: nowMs + seconds * 1000 };
}

/** Pointing at a tile holds the patrol, but never for less than 2 s after letting go. */
export function holdPatrol(patrol: Patrol, isPointing: boolean, nowMs: number): Patrol {
  if (patrol.kind === 'running' && isPointing) return { kind: 'held', seconds: patrol.seconds, leftMs: Math.max(0, patrol.nextAtMs - nowMs) };
  if (patrol.kind === 'held' && !isPointing) return { kind: 'running', seconds: patrol.seconds, nextAtMs: nowMs + Math.max(2000, patrol.leftMs) };
  return patrol;
}

/** Whether the page is due to change, and the patrol after it. */
export function tickPatrol(patrol: Patrol, nowMs: number): { readonly patrol: Patrol; readonly isDue: boolean } {
  if (patrol.kind !== 'running' || nowMs < patrol.nextAtMs) return { patrol, isDue: false };
  return { patrol: startPatrol(patrol.seconds, nowMs), isDue: true };
}

/** Whole seconds until the next page; null when off. */
export function secondsToNext(patrol: Patrol, nowMs: number): number | null {
  switch (patrol.kind) {
    case 'off':
      return null;
    case 'running':
      return Math.max(0, Math.ceil((patrol.nextAtMs - nowMs) / 1000));
    case 'held':
      return Math.ceil(patrol.leftMs / 1000);
  }
}
