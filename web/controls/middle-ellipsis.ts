/** Shortens names in the middle: their beginnings (the compound) and their ends (which gate, which number) tell them apart. */

/** Splits a name so that its last `tailLength` characters always stay in sight while the head is cut by the layout. Counts characters, not code units. */
export function splitForMiddleEllipsis(name: string, tailLength: number): { readonly head: string; readonly tail: string } {
  const characters = Array.from(name);
  if (characters.length <= tailLength * 2) return { head: name, tail: '' };
  return { head: characters.slice(0, -tailLength).join(''), tail: characters.slice(-tailLength).join('') };
}
