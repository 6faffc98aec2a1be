/**
 * What a camera or compound is found by: its name, the name in pinyin, and the initials, in one lower-case text. Operators type
 * `hxsq` for 后西社区.
 */
import { pinyin } from 'pinyin-pro';

/** Space-separated: name, full pinyin without tones and spaces, initials. */
export function formatSearchText(name: string): string {
  const lower = name.toLowerCase();
  const syllables = pinyin(lower, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true });
  const full = syllables.join('').replaceAll(/\s/g, '');
  const initials = pinyin(lower, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' }).join('').replaceAll(/\s/g, '');
  return [...new Set([lower, full, initials])].join(' ');
}

/** A `like` pattern that finds `query` anywhere, with the wildcards in it taken literally (escape character `\`). */
export function formatSearchPattern(query: string): string {
  return `%${query
    .trim()
    .toLowerCase()
    .replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
