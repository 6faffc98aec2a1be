/** A partial change of a stored thing, as PATCH bodies carry it. */

/** Members that are absent or undefined keep what is stored; null takes a value back. */
export type Patch<Stored> = { readonly [Key in keyof Stored]?: Stored[Key] | undefined };

/** What is stored afterwards. */
export function applyPatch<Stored extends object>(stored: Stored, patch: Patch<Stored>): Stored {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  // Keys and values of a Patch<Stored> are those of Stored.
  return { ...stored, ...(Object.fromEntries(given) as Partial<Stored>) };
}
