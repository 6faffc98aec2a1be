/**
 * A list that is read once and kept right by events.
 *
 * Reading takes several pages, and events go on arriving meanwhile: a page may be older than an event already applied.
 * So changes that arrive during a read are applied at once and again on top of what was read. Every change carries the
 * whole new value, so applying one twice is harmless and the last event has the last word.
 */

/** The change of one item: gives its new value, or null to take it off the list. `current` is undefined when the list does not hold it. */
export type ItemChange<Item> = (current: Item | undefined) => Item | null | undefined;

export class LiveList<Item> {
  readonly items: Map<string, Item>;
  readonly #idOf: (item: Item) => string;
  #readNumber = 0;
  /** Changes since the read in progress began; null when none is. */
  #duringRead: { id: string; change: ItemChange<Item> }[] | null = null;

  /** Keeps `items` and writes into it; pass a reactive map to see changes on screen. */
  constructor(items: Map<string, Item>, idOf: (item: Item) => string) {
    this.items = items;
    this.#idOf = idOf;
  }

  /** Applies one change. `change` giving undefined leaves everything as it is. */
  apply(id: string, change: ItemChange<Item>): void {
    this.#duringRead?.push({ id, change });
    this.#applyNow(id, change);
  }

  /** Begins a read; one begun earlier is forgotten when it ends. Gives the number to end it with. */
  beginRead(): number {
    this.#duringRead = [];
    this.#readNumber += 1;
    return this.#readNumber;
  }

  /** Replaces the list by what was read and applies what happened meanwhile. False when a newer read has begun. */
  finishRead(readNumber: number, read: readonly Item[]): boolean {
    if (readNumber !== this.#readNumber || this.#duringRead === null) return false;
    const changes = this.#duringRead;
    this.#duringRead = null;
    const next = new Map(read.map((item) => [this.#idOf(item), item]));
    for (const id of this.items.keys()) if (!next.has(id)) this.items.delete(id);
    for (const [id, item] of next) this.items.set(id, item);
    for (const { id, change } of changes) this.#applyNow(id, change);
    return true;
  }

  /** Gives up a read that failed; the list stays as it was, with the changes that arrived. */
  abandonRead(readNumber: number): void {
    if (readNumber === this.#readNumber) this.#duringRead = null;
  }

  #applyNow(id: string, change: ItemChange<Item>): void {
    const next = change(this.items.get(id));
    if (next === null) this.items.delete(id);
    else if (next !== undefined) this.items.set(id, next);
  }
}
