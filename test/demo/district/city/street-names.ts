/**
 * Invented names for the town's streets, in the way Chinese towns name them: 大道 for the widest, then 路, 街 and 巷.
 */
import { distanceBetween } from './geometry.ts';
import type { Point } from './geometry.ts';
import type { Street, StreetClass } from './streets.ts';

/** A street with the name that its signs would carry; null for the nameless lanes between houses. */
export interface NamedStreet extends Street {
  readonly name: string | null;
}

/** Names every street, longest first, so that the best-known names go to the streets that people would know. */
export function nameStreets(streets: readonly Street[]): readonly NamedStreet[] {
  const used: Record<StreetClass, number> = { primary: 0, secondary: 0, tertiary: 0, residential: 0 };
  const bridges = [...BRIDGES];
  const byLength = streets.toSorted((a, b) => lengthOf(b.path) - lengthOf(a.path));
  const names = new Map<Street, string | null>();
  for (const street of byLength) {
    if (street.isBridge) names.set(street, bridges.shift() ?? null);
    else if (isEmbankment(street)) names.set(street, (street.path[0]?.[1] ?? 0) > 0 ? '滨江北路' : '滨江南路');
    else names.set(street, nextName(street, used));
  }
  return streets.map((street) => ({ ...street, name: names.get(street) ?? null }));
}

const BRIDGES = ['沱江一桥', '沱江二桥', '新桥大桥'];
const AVENUES = ['资州', '苌弘', '凤凰', '迎宾', '水南', '重龙', '成渝', '新桥', '东湖', '笔架', '川硫', '明心'];
const WORDS = [
  '建设',
  '解放',
  '人民',
  '文庙',
  '状元',
  '和平',
  '新华',
  '胜利',
  '公园',
  '学府',
  '体育',
  '交通',
  '南华',
  '东林',
  '西外',
  '后西',
  '文江',
  '笔坛',
  '桂湖',
  '金带',
  '荷塘',
  '柳荫',
  '银杏',
  '朝阳',
  '永兴',
  '兴隆',
  '安居',
  '武陵',
  '砚台',
  '长山',
  '石桥',
  '和鸣',
  '黄桷',
  '竹林',
  '橘园',
  '枇杷',
  '磨坊',
  '盐店',
  '糖坊',
  '油坊',
  '米市',
  '打铁',
  '水井',
  '码头',
  '渡口',
  '城隍',
  '书院',
  '钟楼',
];
const TERTIARY_ENDINGS = ['街', '东街', '西街', '横街', '正街', '南街', '北街'];
const LANE_ENDINGS = ['巷', '一巷', '二巷', '后巷', '里', '三巷'];
/** Lanes shorter than this carry no sign. */
const SHORTEST_NAMED_LANE_METRES = 110;

function nextName(street: Street, used: Record<StreetClass, number>): string | null {
  if (street.class === 'residential' && lengthOf(street.path) < SHORTEST_NAMED_LANE_METRES) return null;
  const index = used[street.class]++;
  switch (street.class) {
    case 'primary':
      return `${wordAt(AVENUES, index)}${index < AVENUES.length ? '大道' : '路'}`;
    case 'secondary':
      return `${wordAt(WORDS, index)}${index < WORDS.length ? '路' : '中路'}`;
    case 'tertiary':
      return `${wordAt(WORDS, index * 5)}${wordAt(TERTIARY_ENDINGS, Math.floor(index / WORDS.length))}`;
    case 'residential':
      return `${wordAt(WORDS, index * 7 + 3)}${wordAt(LANE_ENDINGS, Math.floor(index / WORDS.length))}`;
  }
}

function isEmbankment(street: Street): boolean {
  const first = street.path[0];
  const last = street.path.at(-1);
  return first !== undefined && last !== undefined && Math.abs(first[1]) < 130 && Math.abs(last[1]) < 130 && !street.isBridge;
}

function wordAt(words: readonly string[], index: number): string {
  const word = words[index % words.length];
  if (word === undefined) throw new Error('no words to name a street with');
  return word;
}

function lengthOf(path: readonly Point[]): number {
  const first = path[0];
  const last = path.at(-1);
  return first === undefined || last === undefined ? 0 : distanceBetween(first, last);
}
