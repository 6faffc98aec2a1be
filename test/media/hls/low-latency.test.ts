import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HlsPackager, PlaylistOutcome } from '../../../media/hls/packager-contract.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';
import { faultsOfPlaylist, faultsOfSeries } from '../../support/hls-conformance.ts';
import { readPlaylist } from '../../support/hls-playlist-reader.ts';

/** Something that happens to a camera. */
type Event =
  | { readonly kind: 'groups'; readonly count: number; readonly groupFrames: number }
  | { readonly kind: 'interrupted' | 'silent'; readonly seconds: number }
  | { readonly kind: 'other-parameters' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('groups' as const),
      count: fc.integer({ min: 1, max: 8 }),
      groupFrames: fc.integer({ min: 1, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('interrupted' as const), seconds: fc.integer({ min: 0, max: 20 }) }) },
  // Shorter, and it would be a frame that lasts longer than a part may.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('silent' as const), seconds: fc.integer({ min: 3, max: 20 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'other-parameters' as const }) },
);

const camera = fc.record({
  framesPerSecond: fc.integer({ min: 1, max: 60 }),
  /** How much frames last longer or shorter, as a share. */
  unevenness: fc.double({ min: 0, max: 0.03, noNaN: true }),
  seed: fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
  audio: fc.constantFrom('aac' as const, null),
  events: fc.array(event, { minLength: 1, maxLength: 6 }),
});

/** A camera that goes through `events`; `look` is called after every frame and event. */
function play(options: { feeder: FrameFeeder; events: readonly Event[]; frameMs: () => number; look: () => void }): void {
  const { feeder, events, frameMs, look } = options;
  let width = 640;
  const feedGroup = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      feeder.feedFrame(frame === 0, frameMs());
      look();
    }
  };
  feedGroup(40);
  for (const happening of events) {
    switch (happening.kind) {
      case 'groups':
        for (let group = 0; group < happening.count; group++) feedGroup(happening.groupFrames);
        break;
      case 'silent':
        feeder.pause(happening.seconds);
        break;
      case 'interrupted':
        feeder.interrupt();
        look();
        feeder.pause(happening.seconds);
        break;
      case 'other-parameters': {
        const { video } = feeder.tracks;
        if (video === null) throw new Error('no video');
        width += 16;
        feeder.interrupt({ video: { ...video, width } });
        break;
      }
    }
    look();
    feedGroup(40);
  }
}

function playlistNow(packager: HlsPackager, skip: boolean): string | null {
  const outcome: PlaylistOutcome | Promise<PlaylistOutcome> = packager.playlist({ msn: null, part: null, skip, ticket: 'T' });
  return 'kind' in outcome && outcome.kind === 'playlist' ? outcome.text : null;
}

describe('low-latency HLS by the book', { timeout: 120_000 }, () => {
  it('keeps every rule for any group length, frame rate, sound and interruption', () => {
    fc.assert(
      fc.property(camera, ({ framesPerSecond, unevenness, seed, audio, events }) => {
        const clock = new FakeClock();
        const feeder = new FrameFeeder({ clock, audio });
        const packager = createHlsPackager({ clock });
        feeder.addSink(packager);
        const texts: string[] = [];
        let whole = '';
        play({
          feeder,
          events,
          frameMs: () => (1000 / framesPerSecond) * (1 + unevenness * (seed.next().value ?? 0)),
          look: () => {
            const text = playlistNow(packager, false);
            if (text === null || text === whole) return;
            whole = text;
            // Every third time as a delta update, as a player would ask.
            texts.push(texts.length % 3 === 2 ? (playlistNow(packager, true) ?? '') : text);
          },
        });
        packager.close();
        feeder.end();
        expect(texts.length).toBeGreaterThan(0);
        expect(faultsOfSeries(texts)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it.each([10, 30])('cuts groups of %i s into equal segments that claim no independence', (groupSeconds) => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock });
    const packager = createHlsPackager({ clock, windowMs: 200_000 });
    feeder.addSink(packager);
    play({ feeder, events: [{ kind: 'groups', count: 5, groupFrames: groupSeconds * 15 }], frameMs: () => 1000 / 15, look: () => {} });
    const text = playlistNow(packager, false) ?? '';
    expect(faultsOfPlaylist(text)).toEqual([]);
    const { segments, claimsIndependentSegments, targetSeconds } = readPlaylist(text);
    expect([claimsIndependentSegments, targetSeconds]).toEqual([false, 2]);
    // From the second group on the length is known.
    const lasting = segments.filter((segment) => segment.uri !== null).slice(-Math.floor((groupSeconds * 3) / 2.3));
    for (const { seconds } of lasting.slice(0, -3)) expect(seconds).toBeGreaterThan(1.2);
    const nearEnd = segments.filter((segment) => segment.parts.length > 0);
    expect(nearEnd.filter((segment) => segment.parts[0]?.isIndependent === true).length).toBeLessThan(nearEnd.length);
    packager.close();
  });

  it('departs from the length of parts only, and only for frames that last as long as they like', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 10, max: 900 })), fc.array(event, { maxLength: 4 }), (durationsMs, events) => {
        const clock = new FakeClock();
        const feeder = new FrameFeeder({ clock });
        const packager = createHlsPackager({ clock });
        feeder.addSink(packager);
        const texts: string[] = [];
        const look = (): void => {
          const text = playlistNow(packager, false);
          if (text !== null && text !== texts.at(-1)) texts.push(text);
        };
        play({ feeder, events, frameMs: () => durationsMs.next().value ?? 40, look });
        packager.close();
        expect(faultsOfSeries(texts).filter((fault) => !fault.includes('§4.4.4.9'))).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('serves whatever it lists, and what it listed for as long as players may still ask', () => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock, audio: 'aac' });
    const packager = createHlsPackager({ clock });
    feeder.addSink(packager);
    /** Until when each name must be served; while it is listed: for ever. */
    const dueUntilMs = new Map<string, number>();
    const listedSeconds = new Map<string, number>();
    const longestMs = new Map<string, number>();
    let checked = 0;
    let whole = '';
    play({
      feeder,
      events: [
        { kind: 'groups', count: 20, groupFrames: 45 },
        { kind: 'interrupted', seconds: 3 },
        { kind: 'other-parameters' },
        { kind: 'groups', count: 20, groupFrames: 30 },
      ],
      frameMs: () => 1000 / 15,
      look: () => {
        const text = playlistNow(packager, false);
        if (text === null || text === whole) return;
        whole = text;
        const { segments } = readPlaylist(text);
        const playlistMs = 1000 * segments.reduce((total, { uri, seconds }) => total + (uri === null ? 0 : seconds), 0);
        const listed = new Set<string>();
        for (const { uri, seconds, parts, mapUri } of segments) {
          for (const name of [uri, mapUri, ...parts.map((part) => part.uri)]) if (name !== null) listed.add(name.split('?', 1)[0] ?? '');
          const name = uri?.split('?', 1)[0];
          if (name === undefined) continue;
          listedSeconds.set(name, seconds);
          longestMs.set(name, Math.max(longestMs.get(name) ?? 0, playlistMs));
        }
        for (const [name, dueMs] of dueUntilMs) {
          if (dueMs !== Number.POSITIVE_INFINITY || listed.has(name)) continue;
          // A part: three target durations; an init segment: as long as segments that need it.
          dueUntilMs.set(
            name,
            clock.monotonicMs() + (listedSeconds.has(name) ? (listedSeconds.get(name) ?? 0) * 1000 + (longestMs.get(name) ?? 0) : 6000),
          );
        }
        for (const name of listed) dueUntilMs.set(name, Number.POSITIVE_INFINITY);
        for (const [name, dueMs] of dueUntilMs) {
          if (dueMs <= clock.monotonicMs() + 1) continue; // Texts are rounded.
          const outcome = packager.media(name);
          expect([name, 'kind' in outcome && outcome.kind]).toEqual([name, 'media']);
          if ('kind' in outcome && outcome.kind === 'media') outcome.release();
          checked++;
        }
      },
    });
    expect(checked).toBeGreaterThan(1000);
    expect([...dueUntilMs.values()].some((dueMs) => dueMs < clock.monotonicMs())).toBe(true);
    packager.close();
  });

  it('goes on counting when the packager was given up and made anew', () => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock });
    const first = createHlsPackager({ clock });
    feeder.addSink(first);
    play({
      feeder,
      events: [
        { kind: 'interrupted', seconds: 1 },
        { kind: 'interrupted', seconds: 1 },
      ],
      frameMs: () => 1000 / 15,
      look: () => {},
    });
    const before = playlistNow(first, false) ?? '';
    first.close();
    feeder.sinks.length = 0;
    const second = createHlsPackager({ clock, after: first.position });
    feeder.addSink(second);
    play({ feeder, events: [], frameMs: () => 1000 / 15, look: () => {} });
    const after = playlistNow(second, false) ?? '';
    expect(faultsOfSeries([before, after])).toEqual([]);
    const last = readPlaylist(before).segments.at(-1);
    const next = readPlaylist(after).segments[0];
    expect(next?.sequence).toBeGreaterThan(last?.sequence ?? Number.POSITIVE_INFINITY);
    expect(next?.discontinuitySequence).toBeGreaterThan(last?.discontinuitySequence ?? Number.POSITIVE_INFINITY);
    second.close();
  });
});
