/** Both directions: what the simulator's packetizer cuts, the depacketizers put together; and nothing hurts them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVideoStream } from '../../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../../simulator/rtp-payload.ts';
import { depacketize, DepacketizerProbe } from './depacketized.ts';
import type { TestPacket } from './depacketized.ts';

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  const clip = parseVideoStream(codec, readFileSync(new URL(`../../simulator/clips/test-card.sub.${codec}`, import.meta.url)));
  const units = clip.accessUnits.slice(0, 40);
  const packetsOf = (maxPayloadBytes: number, aggregate: boolean): TestPacket[] =>
    units.flatMap(({ nalUnits }, index) => {
      const payloads = packetizeAccessUnit(codec, nalUnits, maxPayloadBytes, aggregate);
      return payloads.map((payload, at) => ({ payload, timestamp: index * 3600, hasMarker: at === payloads.length - 1 }));
    });

  it.each([
    [64, false],
    [1400, false],
    [1400, true],
    [60_000, true],
  ])('puts together what was cut into %i bytes, aggregated: %s', (maxPayloadBytes, aggregate) => {
    const outcomes = depacketize(codec, packetsOf(maxPayloadBytes, aggregate));
    const pictures = outcomes.filter((outcome) => outcome !== 'damaged' && 'nalUnits' in outcome);
    expect(outcomes).not.toContain('damaged');
    expect(pictures.map((outcome) => outcome.timestamp)).toEqual(units.map((_, index) => index * 3600));
    expect(pictures.map((outcome) => outcome.isKeyFrame)).toEqual(units.map(({ isKeyFrame }) => isKeyFrame));
    for (const [index, { nalUnits }] of units.entries()) {
      // Delimiters and parameter sets are not part of a frame; all else comes through byte by byte.
      const sent = nalUnits.map((nalUnit) => nalUnit.toString('hex'));
      const got = pictures[index]?.nalUnits ?? [];
      expect(sent.filter((nalUnit) => got.includes(nalUnit))).toEqual(got);
      expect(got.length).toBeGreaterThan(0);
    }
  });

  it('never hands on a damaged picture when packets are missing', () => {
    const packets = packetsOf(300, true);
    const whole = new Map(
      depacketize(codec, packets).flatMap((outcome) =>
        outcome !== 'damaged' && 'nalUnits' in outcome ? [[outcome.timestamp, outcome.nalUnits]] : [],
      ),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(packets.length - 1), { minLength: 1, maxLength: 20 }), (missing) => {
        const lost = new Set(missing);
        const outcomes = depacketize(
          codec,
          packets.map((packet, index) => (lost.has(index) ? null : packet)),
        );
        for (const outcome of outcomes) {
          if (outcome !== 'damaged' && 'nalUnits' in outcome) expect(outcome.nalUnits).toEqual(whole.get(outcome.timestamp));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('survives random payloads in bounded memory, and comes back', () => {
    const sound = packetsOf(300, true).slice(0, 60);
    const packet = fc.record({
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 100 }).map((raw) => Buffer.from(raw)),
        // Headers of aggregates and fragments, with anything behind them.
        fc
          .tuple(fc.constantFrom('78', '7c', '7c85', '7c05', '7c45', '6001', '6201', '620193', '620113'), fc.uint8Array({ maxLength: 60 }))
          .map(([head, raw]) => Buffer.concat([Buffer.from(head, 'hex'), raw])),
      ),
      timestamp: fc.nat(3),
      hasMarker: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            packet,
            fc.constant(null),
            fc.nat(59).map((index) => sound[index] ?? null),
          ),
          { maxLength: 200 },
        ),
        (packets) => {
          const probe = new DepacketizerProbe(codec, 5000);
          for (const each of packets) {
            probe.push(each);
            expect(probe.writer.unitEnd - probe.writer.unitStart).toBeLessThanOrEqual(5000);
          }
          expect(probe.pool.slabsInUse).toBe(1);
          probe.push(null);
          probe.push({ payload: codec === 'h264' ? '65884400' : '2601afff', timestamp: 100, hasMarker: true });
          probe.push({ payload: codec === 'h264' ? '65884400' : '2601afff', timestamp: 200, hasMarker: true });
          probe.push({ payload: codec === 'h264' ? '65884400' : '2601afff', timestamp: 300, hasMarker: true });
          expect(probe.outcomes).toContainEqual(expect.objectContaining({ timestamp: 200, isKeyFrame: true }));
        },
      ),
    );
  });
});
