/** Finds compounds by name, pinyin or address. */
import type { Compound } from '../../server/contract/district.ts';
import { createNameMatcher } from './name-match.ts';

/** The first `atMost` compounds that match, in the order given. */
export async function matchCompounds(compounds: readonly Compound[], query: string, atMost: number): Promise<readonly Compound[]> {
  const isMatch = await createNameMatcher(query);
  const lowered = query.toLowerCase();
  return compounds.filter((compound) => isMatch(compound.name) || (compound.address ?? '').toLowerCase().includes(lowered)).slice(0, atMost);
}
