/** Finds compounds by name, address or pinyin. The pinyin table is large and is fetched only when somebody types Latin letters. */
import type { Compound } from '../../server/contract/district.ts';

/** The first `atMost` compounds that match, in the order given. */
export async function matchCompounds(compounds: readonly Compound[], query: string, atMost: number): Promise<readonly Compound[]> {
  const lowered = query.toLowerCase();
  const byText = compounds.filter(
    (compound) => compound.name.toLowerCase().includes(lowered) || (compound.address ?? '').toLowerCase().includes(lowered),
  );
  if (byText.length > 0 || !/^[a-z0-9 ]+$/i.test(query)) return byText.slice(0, atMost);
  const { match } = await import('pinyin-pro');
  return compounds.filter((compound) => match(compound.name, query) !== null).slice(0, atMost);
}
