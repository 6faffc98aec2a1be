import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReorderBuffer, WINDOW_MS } from '../../../media/rtp/reorder-buffer.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { buildRtpPacket } from './rtp-builder.ts';

class Probe {
  readonly clock = new FakeClock();
  readonly out: number[] = [];
  readonly buffer = new ReorderBuffer(this.clock, (bytes, start) => void this.out.push(bytes.readUInt16BE(start + 2)));

  push(...sequenceNumbers: number[]): this {
    for (const sequenceNumber of sequenceNumbers) this.pushFrom(0x1234, sequenceNumber);
    return this;
  }

  pushFrom(ssrc: number, sequenceNumber: number): void {
    const payload = Buffer.alloc(1 + (sequenceNumber % 3) * 1000);
    const packet = buildRtpPacket({ sequenceNumber, ssrc, payload });
    this.buffer.push(packet, 0, packet.length);
    // What was borrowed may be written again.
    packet.fill(0xff);
    this.buffer.checkInvariants();
  }
}

describe('ReorderBuffer', () => {
  it.each([
    ['in order', [5, 6, 7], [5, 6, 7], 0],
    ['two swapped', [5, 7, 6, 8], [5, 6, 7, 8], 0],
    ['one far behind', [5, 7, 8, 9, 10, 6, 11], [5, 6, 7, 8, 9, 10, 11], 0],
    ['over the wrap', [65_534, 0, 65_535, 1], [65_534, 65_535, 0, 1], 0],
    ['doubled', [5, 5, 6, 8, 8, 7, 6], [5, 6, 7, 8], 3],
    ['a straggler of a gap long closed', [1000, 1001, 500, 1002], [1000, 1001, 1002], 1],
    ['a sender that started anew', [50_000, 50_001, 100, 101], [50_000, 50_001, 100, 101], 0],
  ])('%s', (_name, pushed, out, late) => {
    const probe = new Probe().push(...pushed);
    expect([probe.out, probe.buffer.latePackets, probe.buffer.heldPackets]).toEqual([out, late, 0]);
  });

  it('gives a gap up after its time, counted from the first packet behind it', () => {
    const probe = new Probe().push(1, 3);
    probe.clock.advance(WINDOW_MS - 10);
    probe.push(4, 6);
    expect(probe.out).toEqual([1]);
    probe.clock.advance(10);
    expect(probe.out).toEqual([1, 3, 4]);
    probe.clock.advance(WINDOW_MS - 11);
    probe.push(2);
    expect([probe.out, probe.buffer.latePackets]).toEqual([[1, 3, 4], 1]);
    probe.clock.advance(1);
    expect([probe.out, probe.clock.timerCount]).toEqual([[1, 3, 4, 6], 0]);
  });

  it('gives a gap up when more is behind it than it holds', () => {
    const probe = new Probe().push(0, ...Array.from({ length: 512 }, (_, index) => index + 2));
    expect(probe.out.slice(0, 3)).toEqual([0, 2, 3]);
    expect([probe.out.length, probe.buffer.heldPackets]).toEqual([513, 0]);
    probe.push(1500);
    expect(probe.out.at(-1)).toBe(1500);
  });

  it('lets another sender begin with what was held before it', () => {
    const probe = new Probe().push(1, 3);
    probe.pushFrom(0x9999, 2);
    expect([probe.out, probe.clock.timerCount]).toEqual([[1, 3, 2], 0]);
  });

  it('pays no heed to what is no RTP, and hands on nothing once closed', () => {
    const probe = new Probe().push(1, 3);
    probe.buffer.push(Buffer.alloc(11, 0x80), 0, 11);
    probe.buffer.push(Buffer.alloc(20), 0, 20);
    probe.buffer.close();
    probe.clock.advance(1000);
    expect([probe.out, probe.clock.timerCount]).toEqual([[1], 0]);
  });

  it('hands on everything once and in order, whatever the network does within its window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.array(fc.record({ delay: fc.integer({ min: 0, max: 20 }), isLost: fc.boolean() })),
        (first, fates) => {
          const probe = new Probe().push(first);
          const arrivals = fates
            .map(({ delay, isLost }, index) => ({ sequenceNumber: (first + 1 + index) & 0xffff, atMs: index + delay, isLost: isLost && delay < 3 }))
            .filter(({ isLost }) => !isLost);
          let nowMs = 0;
          for (const { sequenceNumber, atMs } of arrivals.toSorted((a, b) => a.atMs - b.atMs)) {
            probe.clock.advance(Math.max(0, atMs - nowMs));
            nowMs = Math.max(nowMs, atMs);
            probe.push(sequenceNumber);
          }
          probe.clock.advance(1000);
          expect(probe.out).toEqual([first, ...arrivals.map(({ sequenceNumber }) => sequenceNumber)]);
        },
      ),
    );
  });
});
