import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveList } from '../../../web/realtime/live-list.ts';

interface Item {
  readonly id: string;
  readonly version: number;
}

const createList = () => new LiveList<Item>(new Map(), (item) => item.id);
const put = (list: LiveList<Item>, item: Item) => list.apply(item.id, () => item);

describe('LiveList', () => {
  it('keeps an event that arrived while an older page was on its way', () => {
    const list = createList();
    const read = list.beginRead();
    put(list, { id: 'a', version: 2 });
    list.finishRead(read, [{ id: 'a', version: 1 }]);
    expect(list.items.get('a')).toEqual({ id: 'a', version: 2 });
  });

  it('drops what is gone, and keeps what left during the read away', () => {
    const list = createList();
    put(list, { id: 'old', version: 1 });
    const read = list.beginRead();
    list.apply('b', () => null);
    list.finishRead(read, [{ id: 'b', version: 1 }]);
    expect([...list.items.keys()]).toEqual([]);
  });

  it('ignores the answer to a read that a newer one has replaced', () => {
    const list = createList();
    const first = list.beginRead();
    const second = list.beginRead();
    expect(list.finishRead(second, [{ id: 'a', version: 2 }])).toBe(true);
    expect(list.finishRead(first, [{ id: 'a', version: 1 }])).toBe(false);
    expect(list.items.get('a')?.version).toBe(2);
  });

  it('stays as it was when a read fails', () => {
    const list = createList();
    put(list, { id: 'a', version: 1 });
    const read = list.beginRead();
    put(list, { id: 'a', version: 2 });
    list.abandonRead(read);
    expect(list.items.get('a')?.version).toBe(2);
    expect(list.finishRead(read, [])).toBe(false);
  });

  it('ends equal to the server, whatever the order of changes, pages and reads', () => {
    const ids = ['a', 'b', 'c'] as const;
    const step = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), id: fc.constantFrom(...ids), isRemoval: fc.boolean() }),
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({ kind: fc.constant('take-page' as const), id: fc.constantFrom(...ids) }),
      fc.record({ kind: fc.constant('finish' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const server = new Map<string, Item>();
        const list = createList();
        let version = 0;
        let read: { number: number; pages: Map<string, Item | null> } | null = null;
        const finish = () => {
          if (!read) return;
          // Rows not fetched by an earlier page are read at the end.
          for (const id of ids) if (!read.pages.has(id)) read.pages.set(id, server.get(id) ?? null);
          list.finishRead(
            read.number,
            [...read.pages.values()].filter((item) => item !== null),
          );
          read = null;
        };
        for (const one of steps) {
          if (one.kind === 'begin') read = { number: list.beginRead(), pages: new Map() };
          else if (one.kind === 'take-page') read?.pages.set(one.id, server.get(one.id) ?? null);
          else if (one.kind === 'finish') finish();
          else {
            version += 1;
            if (one.isRemoval) {
              server.delete(one.id);
              list.apply(one.id, () => null);
            } else {
              server.set(one.id, { id: one.id, version });
              put(list, { id: one.id, version });
            }
          }
        }
        finish();
        expect(Object.fromEntries(list.items)).toEqual(Object.fromEntries(server));
      }),
    );
  });
});
