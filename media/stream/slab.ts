/** Reference-counted block of memory that holds the bytes of many frames. */
export interface Slab {
  /** Written only by the owner of the stream that fills it; everybody else reads. */
  readonly bytes: Buffer;
  /** One more holder. */
  retain(): void;
  /** One holder less; at zero the memory may be reused, and reading it is a bug. */
  release(): void;
}
