/** What is fuzzed: a reader of bytes that anybody may have written, with what must hold whatever they are. */

/** One reader. */
export interface FuzzTarget {
  /** Also its folder under `corpus/`. */
  readonly name: string;
  /** Reads the input. Throws when something does not hold that must; an input that is refused is an ordinary end. */
  run(input: Buffer): void;
}

/** Throws `message` unless `isTrue`. */
export function mustHold(isTrue: boolean, message: string): void {
  if (!isTrue) throw new Error(message);
}
