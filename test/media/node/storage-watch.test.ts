import { describe, expect, it } from 'vitest';
import type { ObservedStorage } from '../../../media/contract/streams.ts';
import { StorageWatch } from '../../../media/node/storage-watch.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A volume that answers when the test says so. */
function setUp() {
  const clock = new FakeClock();
  const asked: PromiseWithResolvers<ObservedStorage>[] = [];
  const watch = new StorageWatch({
    measure: () => {
      const answer = Promise.withResolvers<ObservedStorage>();
      asked.push(answer);
      return answer.promise;
    },
    quotaBytes: 100,
    clock,
  });
  return { clock, asked, watch };
}

const measured: ObservedStorage = { usedBytes: 1, quotaBytes: 90, freeBytes: 3, fault: null };

describe('StorageWatch', () => {
  it('answers at once, and with the figures as soon as they are there', async () => {
    const { asked, watch } = setUp();
    expect(watch.current()).toEqual({ usedBytes: 0, quotaBytes: 100, freeBytes: 0, fault: null });
    asked[0]?.resolve(measured);
    await asked[0]?.promise;
    expect(watch.current()).toEqual(measured);
  });

  it('asks a hung volume once, and says how old its figures are', async () => {
    const { clock, asked, watch } = setUp();
    watch.current();
    asked[0]?.resolve(measured);
    await asked[0]?.promise;
    clock.advance(2_000);
    for (let second = 0; second < 12; second++) {
      watch.current();
      clock.advance(1_000);
    }
    expect(asked).toHaveLength(2);
    expect(watch.current()).toEqual({ ...measured, fault: 'the recordings volume has not answered for 12 s; its figures are 14 s old' });
    asked[1]?.resolve({ ...measured, freeBytes: 9 });
    await asked[1]?.promise;
    expect(watch.current()).toEqual({ ...measured, freeBytes: 9 });
  });

  it('says of a volume that never answered that nothing is known', () => {
    const { clock, watch } = setUp();
    watch.current();
    clock.advance(10_000);
    expect(watch.current().fault).toBe('the recordings volume has not answered for 10 s; nothing is known of it');
  });

  it('keeps the figures when a measurement fails, and tells why', async () => {
    const { clock, asked, watch } = setUp();
    watch.current();
    asked[0]?.reject(new Error('EIO: i/o error, statfs'));
    await asked[0]?.promise.catch(() => undefined);
    await Promise.resolve();
    expect(watch.current()).toMatchObject({ quotaBytes: 100, fault: 'EIO: i/o error, statfs' });
    clock.advance(1_500);
    watch.current();
    expect(asked).toHaveLength(2);
  });
});
