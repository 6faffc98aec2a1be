/** Matches names by text or pinyin, whole syllables or initials. The pinyin table is large and is fetched only when somebody types Latin letters. */

/** Gives a test for names. Without Latin letters the answer is there at once and nothing is fetched. */
export async function createNameMatcher(query: string): Promise<(name: string) => boolean> {
  const lowered = query.trim().toLowerCase();
  if (!/^[a-z0-9 ]*[a-z][a-z0-9 ]*$/.test(lowered)) return (name) => name.toLowerCase().includes(lowered);
  const { match } = await import('pinyin-pro');
  return (name) => name.toLowerCase().includes(lowered) || match(name, lowered) !== null;
}
