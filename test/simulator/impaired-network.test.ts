import { describe, expect, it } from 'vitest';

import { DatagramOutlet } from './datagram-outlet.ts';
import type { DatagramDestination } from './datagram-outlet.ts';
import { createImpairedNetwork } from './impaired-network.ts';

const good = { lossRate: 0, reorderRate: 0, jitterMs: 0, seed: 5 };

describe('createImpairedNetwork', () => {
  it('does what its rates say, the same for the same seed', () => {
    const fates = Array.from({ length: 20_000 }, createImpairedNetwork({ ...good, lossRate: 0.02, reorderRate: 0.1, jitterMs: 20 }));
    const share = (isIt: (fate: (typeof fates)[number]) => boolean): number => fates.filter(isIt).length / fates.length;
    expect(share(({ isLost }) => isLost)).toBeCloseTo(0.02, 2);
    expect(share(({ behindPackets }) => behindPackets > 0)).toBeCloseTo(0.1, 2);
    expect(share(({ delayMs }) => delayMs < 10)).toBeCloseTo(0.5, 1);
    expect(Math.max(...fates.map(({ delayMs }) => delayMs))).toBeLessThan(20);
    const again = createImpairedNetwork({ ...good, lossRate: 0.02 });
    expect(fates.map(({ isLost }) => isLost)).toEqual(fates.map(() => again().isLost));
  });

  it('differs from seed to seed, and does nothing without being told', () => {
    const draw = (seed: number): number[] =>
      Array.from({ length: 5 }, createImpairedNetwork({ ...good, jitterMs: 20, seed })).map(({ delayMs }) => delayMs);
    expect(draw(1)).not.toEqual(draw(2));
    const next = createImpairedNetwork(good);
    expect(Array.from({ length: 100 }, next).every((fate) => !fate.isLost && fate.delayMs === 0 && fate.behindPackets === 0)).toBe(true);
  });
});

describe('DatagramOutlet', () => {
  const outletTo = (sent: string[], reordered: readonly number[] = []): DatagramOutlet => {
    let packets = 0;
    const outlet = new DatagramOutlet(() => ({ isLost: false, delayMs: 0, behindPackets: reordered.includes(packets++) ? 3 : 0 }));
    const socket = { send: (bytes: Buffer, port: number) => sent.push(`${port} ${bytes.toString('hex')}`) };
    for (const channel of [0, 1]) {
      outlet.setDestination(channel, { socket: socket as unknown as DatagramDestination['socket'], port: 100 + channel, address: '127.0.0.1' });
    }
    return outlet;
  };

  it('cuts bytes into packets, wherever they were split, and leaves out what has no framing', () => {
    const sent: string[] = [];
    const outlet = outletTo(sent);
    outlet.write(Buffer.from('2400000201022401000103' + '2400', 'hex'));
    outlet.write(Buffer.from('000104', 'hex'));
    outlet.write(Buffer.from('ffff2400000105', 'hex'));
    outlet.write(Buffer.from('2402000106' + '2400000107', 'hex'));
    expect(sent).toEqual(['100 0102', '101 03', '100 04', '100 07']);
  });

  it('lets a packet arrive behind three others', () => {
    const sent: string[] = [];
    const outlet = outletTo(sent, [1]);
    for (const number of [1, 2, 3, 4, 5, 6]) outlet.write(Buffer.from([0x24, 0, 0, 1, number]));
    expect(sent.map((text) => text.slice(-1)).join('')).toBe('134526');
    outlet.close();
  });
});
