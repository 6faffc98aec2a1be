import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectScheduler } from '../../../media/stream/connect-scheduler.ts';

function ask(scheduler: ConnectScheduler, granted: string[], name: string, deviceId: string | null, failures = 0): () => void {
  return scheduler.request({ deviceId, failures, onGranted: () => granted.push(name) });
}

describe('ConnectScheduler', () => {
  it('grants at once while there is budget, and in order of asking afterwards', () => {
    const granted: string[] = [];
    const scheduler = new ConnectScheduler({ perDevice: 9, perNode: 2 });
    const releases = ['a', 'b', 'c', 'd'].map((name) => ask(scheduler, granted, name, null));
    expect(granted).toEqual(['a', 'b']);
    releases[0]?.();
    releases[0]?.();
    expect(granted).toEqual(['a', 'b', 'c']);
  });

  it('does not let a recorder with many channels hold up the others', () => {
    const granted: string[] = [];
    const scheduler = new ConnectScheduler({ perDevice: 2, perNode: 4 });
    const releases = ['n1', 'n2', 'n3', 'n4'].map((name) => ask(scheduler, granted, name, 'recorder'));
    ask(scheduler, granted, 'single', null);
    ask(scheduler, granted, 'other', 'camera');
    expect(granted).toEqual(['n1', 'n2', 'single', 'other']);
    releases[1]?.();
    expect(granted.at(-1)).toBe('n3');
  });

  it('prefers who failed less', () => {
    const granted: string[] = [];
    const scheduler = new ConnectScheduler({ perDevice: 1, perNode: 1 });
    const release = ask(scheduler, granted, 'first', null);
    ask(scheduler, granted, 'dead', null, 7);
    ask(scheduler, granted, 'fresh', null, 0);
    ask(scheduler, granted, 'fresh too', null, 0);
    release();
    expect(granted).toEqual(['first', 'fresh']);
  });

  it('lets nobody wait for ever, however often it failed and however many fresh ones come', () => {
    const granted: string[] = [];
    const scheduler = new ConnectScheduler({ perDevice: 2, perNode: 2 });
    const releases = ['a', 'b'].map((name) => ask(scheduler, granted, name, null));
    ask(scheduler, granted, 'dead', 'recorder', 30);
    for (let turn = 0; turn < 10 && !granted.includes('dead'); turn++) {
      releases.push(ask(scheduler, granted, `fresh ${turn}`, null), ask(scheduler, granted, `also ${turn}`, null));
      releases[turn]?.();
    }
    expect(granted.indexOf('dead')).toBeLessThanOrEqual(4);
    expect(granted).toContain('dead');
  });

  it('forgets a wish that is withdrawn', () => {
    const granted: string[] = [];
    const scheduler = new ConnectScheduler({ perDevice: 1, perNode: 1 });
    const release = ask(scheduler, granted, 'a', 'd');
    ask(scheduler, granted, 'b', 'd')();
    ask(scheduler, granted, 'c', 'd');
    release();
    expect([granted, scheduler.waitingCount, scheduler.heldCount]).toEqual([['a', 'c'], 0, 1]);
  });

  it('never exceeds its budgets, and serves everybody in the end', () => {
    const wish = fc.record({ device: fc.constantFrom(null, 'a', 'b'), failures: fc.nat(3), holdFor: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 60 }), (wishes) => {
        const scheduler = new ConnectScheduler({ perDevice: 2, perNode: 3 });
        const held = new Map<number, { device: string | null; release: () => void }>();
        const served = new Set<number>();
        const releases: (() => void)[] = [];
        const check = (): void => {
          expect(served.size - (wishes.length - [...held.keys()].length)).toBeLessThanOrEqual(3);
          for (const device of ['a', 'b']) expect([...held.values()].filter((entry) => entry.device === device).length).toBeLessThanOrEqual(2);
          expect(held.size).toBeLessThanOrEqual(3);
        };
        for (const [index, { device, failures }] of wishes.entries()) {
          releases[index] = scheduler.request({
            deviceId: device,
            failures,
            onGranted: () => {
              served.add(index);
              held.set(index, { device, release: () => releases[index]?.() });
            },
          });
          expect(held.size).toBeLessThanOrEqual(3);
        }
        while (held.size > 0) {
          const [index, entry] = [...held][0]!;
          held.delete(index);
          entry.release();
          check();
        }
        expect([served.size, scheduler.heldCount, scheduler.waitingCount]).toEqual([wishes.length, 0, 0]);
      }),
    );
  });
});
