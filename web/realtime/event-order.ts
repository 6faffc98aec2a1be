/** Order of realtime event ids: decimal numbers of any length that grow with time. */

/** Negative when `first` came before `second`, 0 when they are the same event. Compares as numbers without losing digits. */
export function compareEventIds(first: string, second: string): number {
  const a = first.replace(/^0+(?=\d)/, '');
  const b = second.replace(/^0+(?=\d)/, '');
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Remembers the newest event taken. An event is taken once, however often a reconnect replays it. */
export class EventCursor {
  #lastEventId: string | null = null;

  /** Newest event taken, to resume from; null before the first. */
  get lastEventId(): string | null {
    return this.#lastEventId;
  }

  /** True when the event is new, and from then on it is not. */
  take(eventId: string): boolean {
    if (this.#lastEventId !== null && compareEventIds(eventId, this.#lastEventId) <= 0) return false;
    this.#lastEventId = eventId;
    return true;
  }

  /** The server's position: everything up to here is known, or is about to be read again. */
  moveTo(eventId: string): void {
    if (this.#lastEventId === null || compareEventIds(eventId, this.#lastEventId) > 0) this.#lastEventId = eventId;
  }

  /** Forgets the position, for a server that counts from the beginning again. */
  reset(eventId: string): void {
    this.#lastEventId = eventId;
  }
}
