/** Keeps the parameter sets of a video stream, whether they come from the description or in band, and tells when they change. */

/** More than any camera sends; a peer that numbers them on and on is not one. */
const MAX_SETS_PER_KIND = 16;
/** A parameter set has under 200 bytes; scaling lists may take a few hundred more. */
const MAX_SET_BYTES = 4096;

/** Parameter sets of one kind (SPS, PPS or VPS) by their id. */
export class ParameterSetStore {
  readonly #sets = new Map<number, Buffer>();
  /** Raised whenever content changes. */
  version = 0;

  /** Copies `nalUnit` when it is new. False: too large or too many. */
  put(id: number, nalUnit: Buffer): boolean {
    const known = this.#sets.get(id);
    if (known !== undefined && known.equals(nalUnit)) return true;
    if (nalUnit.length > MAX_SET_BYTES || (known === undefined && this.#sets.size === MAX_SETS_PER_KIND)) return false;
    this.#sets.set(id, Buffer.from(nalUnit));
    this.version += 1;
    return true;
  }

  get(id: number): Buffer | null {
    return this.#sets.get(id) ?? null;
  }

  /** All sets by ascending id. */
  all(): Buffer[] {
    return [...this.#sets].sort(([a], [b]) => a - b).map(([, nalUnit]) => nalUnit);
  }
}
