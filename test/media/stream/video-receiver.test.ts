import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PlannedVideo } from '../../../media/sdp/track-plan.ts';
import type { Frame, VideoTrack } from '../../../media/stream/frame.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';
import { VideoReceiver } from '../../../media/stream/video-receiver.ts';
import type { AfterLoss } from '../../../media/stream/video-receiver.ts';
import { parseVideoStream } from '../../simulator/annex-b.ts';
import type { VideoStream } from '../../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../../simulator/rtp-payload.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { buildRtpPacket } from '../rtp/rtp-builder.ts';

const frameTicks = 6000;

function clip(name: string): VideoStream {
  return parseVideoStream('h264', readFileSync(new URL(`../../simulator/clips/${name}.h264`, import.meta.url)));
}

/** A receiver and the sender that feeds it, a picture each 40 ms. */
class Bench {
  readonly clock = new FakeClock();
  readonly pool = new SlabPool();
  readonly tracks: VideoTrack[] = [];
  readonly frames: Omit<Frame, 'slab'>[] = [];
  lost = 0;
  readonly receiver: VideoReceiver;
  #sequenceNumber = 65_500;

  constructor(parameterSets: readonly Buffer[] = [], afterLoss: AfterLoss = 'await-key-frame') {
    const planned: PlannedVideo = { codec: 'h264', payloadType: 96, clockRateHz: 90_000, control: null, parameterSets };
    this.receiver = new VideoReceiver(
      planned,
      this.pool,
      this.clock,
      this.clock.monotonicMs(),
      {
        onVideoTrack: (track) => this.tracks.push(track),
        onFrame: ({ slab: _slab, ...frame }) => this.frames.push(frame),
        onLoss: (packets) => {
          this.lost += packets;
        },
      },
      afterLoss,
    );
  }

  /** Sends one picture; packets whose place is in `missing` are lost. */
  send(nalUnits: readonly Buffer[], timestamp: number, missing: readonly number[] = []): void {
    const payloads = packetizeAccessUnit('h264', nalUnits, 500, false);
    for (const [place, payload] of payloads.entries()) {
      this.#sequenceNumber += 1;
      if (missing.includes(place)) continue;
      const packet = buildRtpPacket({ payload, timestamp, sequenceNumber: this.#sequenceNumber, hasMarker: place === payloads.length - 1 });
      expect(this.receiver.push(packet, 0, packet.length)).toBe(true);
    }
    this.clock.advance(40);
  }
}

describe('VideoReceiver', () => {
  const video = clip('test-card.sub');

  it('goes on after a loss where it is told to, leaves out what is damaged, and counts key frames among that', () => {
    const all = Array.from({ length: 62 }, (_, index) => index);
    for (const [afterLoss, shown] of [
      ['await-key-frame', [0, 1, 60, 61]],
      ['go-on', all.filter((index) => index !== 2 && index !== 30)],
    ] as const) {
      const bench = new Bench(video.parameterSets, afterLoss);
      // Pictures 0, 30 and 60 are key frames: 2 and 30 lose a packet each.
      for (const index of all) {
        const missing = index === 2 ? [0] : index === 30 ? [1] : [];
        bench.send(video.accessUnits[index]?.nalUnits ?? [], index * frameTicks, missing);
      }
      expect([bench.frames.map(({ decodeTicks }) => decodeTicks / frameTicks), bench.receiver.damagedKeyFrames]).toEqual([shown, 1]);
    }
  });

  it('describes the track from the description, and begins with a key frame', () => {
    const bench = new Bench(video.parameterSets);
    for (const [index, unit] of video.accessUnits.slice(20, 80).entries()) bench.send(unit.nalUnits, index * frameTicks);
    expect(bench.tracks).toMatchObject([{ width: 640, height: 360, hasReordering: false }]);
    expect(bench.frames[0]).toMatchObject({ isKeyFrame: true, generation: 1, compositionOffsetTicks: 0 });
    expect(bench.receiver.droppedUnits).toBe(60 - bench.frames.length);
  });

  it('describes the track from what comes in band', () => {
    const bench = new Bench();
    for (const [index, unit] of video.accessUnits.slice(0, 5).entries()) {
      bench.send(unit.isKeyFrame ? [...video.parameterSets, ...unit.nalUnits] : unit.nalUnits, index * frameTicks);
    }
    expect([bench.tracks.length, bench.frames.length]).toEqual([1, 5]);
  });

  it('shows nothing without parameter sets', () => {
    const bench = new Bench();
    const pictures = video.accessUnits.slice(0, 40).map(({ nalUnits }) => nalUnits.filter((nalUnit) => ![7, 8].includes((nalUnit[0] ?? 0) & 31)));
    for (const [index, nalUnits] of pictures.entries()) bench.send(nalUnits, index * frameTicks);
    expect([bench.tracks, bench.frames, bench.receiver.droppedUnits]).toEqual([[], [], 40]);
  });

  it('begins a new generation when parameter sets change, and only then', () => {
    const other = clip('test-card.main');
    const bench = new Bench();
    for (const [round, stream] of [video, video, other, video].entries()) {
      for (const [index, unit] of stream.accessUnits.slice(0, 3).entries()) {
        bench.send(unit.isKeyFrame ? [...stream.parameterSets, ...unit.nalUnits] : unit.nalUnits, (round * 3 + index) * frameTicks);
      }
    }
    expect(bench.tracks.map(({ width }) => width)).toEqual([640, bench.tracks[1]?.width, 640]);
    expect(bench.frames.map(({ generation }) => generation)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  it('lets parameter sets change six times at once, then once in five seconds, and shows nothing that a decoder could not read', () => {
    const other = clip('test-card.main');
    const bench = new Bench();
    for (let index = 0; index < 500; index++) {
      const stream = index % 2 === 0 ? video : other;
      bench.send([...stream.parameterSets, ...(stream.accessUnits[0]?.nalUnits ?? [])], index * frameTicks);
    }
    expect(bench.tracks.length).toBeGreaterThanOrEqual(6 + 3);
    expect(bench.tracks.length).toBeLessThanOrEqual(6 + 4);
    expect([bench.frames.length, bench.receiver.droppedUnits]).toEqual([bench.tracks.length, 500 - bench.tracks.length]);
  });

  it('leaves out everything from a loss to the next key frame, and counts it', () => {
    const bench = new Bench(video.parameterSets);
    for (const [index, unit] of video.accessUnits.slice(0, 61).entries()) bench.send(unit.nalUnits, index * frameTicks, index === 40 ? [0] : []);
    const numbers = bench.frames.map(({ decodeTicks }) => Math.round((decodeTicks - (bench.frames[0]?.decodeTicks ?? 0)) / frameTicks));
    const nextKey = video.accessUnits.findIndex((unit, index) => index > 40 && unit.isKeyFrame);
    expect(bench.lost).toBe(1);
    expect(numbers.filter((number) => number >= 40 && number < nextKey)).toEqual([]);
    expect(numbers).toContain(nextKey);
    expect(
      bench.frames.find((frame) => Math.round((frame.decodeTicks - (bench.frames[0]?.decodeTicks ?? 0)) / frameTicks) === nextKey)?.isKeyFrame,
    ).toBe(true);
  });

  it('does not take packets of another payload type, nor what is no RTP', () => {
    const bench = new Bench(video.parameterSets);
    const packet = buildRtpPacket({ payload: Buffer.from('6588', 'hex'), payloadType: 97 });
    expect([bench.receiver.push(packet, 0, packet.length), bench.receiver.push(Buffer.alloc(5), 0, 5)]).toEqual([false, false]);
  });

  it('holds one slab, and none once closed', () => {
    const bench = new Bench(video.parameterSets);
    for (const [index, unit] of video.accessUnits.slice(0, 200).entries()) bench.send(unit.nalUnits, index * frameTicks);
    expect(bench.pool.slabsInUse).toBe(1);
    bench.receiver.close();
    expect(bench.pool.slabsInUse).toBe(0);
  });
});

describe('B-frames', () => {
  /** Access units in decoding order and their presentation order, as x264 and ffprobe tell. */
  function encode(): { stream: VideoStream; presentation: number[] } {
    const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-t', '2'];
    const encoder = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-g',
      '25',
      '-bf',
      '3',
      '-x264-params',
      'b-adapt=0:b-pyramid=normal:scenecut=0:aud=1:open-gop=0',
    ];
    const bytes = execFileSync('ffmpeg', [...source, ...encoder, '-f', 'h264', 'pipe:1'], { maxBuffer: 1e8 });
    const mp4 = execFileSync('ffmpeg', [...source, ...encoder, '-f', 'matroska', 'pipe:1'], { maxBuffer: 1e8 });
    const probe = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', '-i', 'pipe:0'];
    const times = execFileSync('ffprobe', probe, { input: mp4 }).toString().trim().split('\n');
    return { stream: parseVideoStream('h264', bytes), presentation: times.map((time) => Math.round(Number(time) * 25)) };
  }
  const { stream, presentation } = encode();

  /** An SPS of 320 × 240, High profile, that has no VUI and so hides its reordering. */
  function silentSps(): Buffer {
    const ue = (value: number): string => (value + 1).toString(2).padStart(2 * (value + 1).toString(2).length - 1, '0');
    const chromaAndScaling = `${ue(1)}${ue(0)}${ue(0)}00`;
    const orderAndReferences = `${ue(0)}${ue(0)}${ue(2)}${ue(4)}0`;
    const sizeAndFlags = `${ue(19)}${ue(14)}1100`;
    const bits = `${ue(0)}${chromaAndScaling}${orderAndReferences}${sizeAndFlags}1`;
    const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
    return Buffer.from([0x67, 100, 0, 13, ...bytes.map((byte) => Number.parseInt(byte, 2))]);
  }

  function run(parameterSets: readonly Buffer[]): Bench {
    const bench = new Bench(parameterSets);
    for (const [index, unit] of stream.accessUnits.entries()) {
      const pictures = unit.nalUnits.filter((nalUnit) => ![7, 8].includes((nalUnit[0] ?? 0) & 31));
      bench.send(pictures, ((presentation[index] ?? 0) * 3600) >>> 0);
    }
    return bench;
  }

  it('get decode times that increase, and the presentation times they came with', () => {
    const bench = run(stream.parameterSets);
    expect(bench.tracks.map(({ hasReordering }) => hasReordering)).toEqual([true]);
    expect(bench.frames.length).toBe(stream.accessUnits.length);
    const first = bench.frames[0];
    const shown = bench.frames.map(
      (frame) => frame.decodeTicks + frame.compositionOffsetTicks - ((first?.decodeTicks ?? 0) + (first?.compositionOffsetTicks ?? 0)),
    );
    expect(shown).toEqual(presentation.map((place) => (place - (presentation[0] ?? 0)) * 3600));
    const steps = bench.frames.slice(1).map((frame, index) => frame.decodeTicks - (bench.frames[index]?.decodeTicks ?? 0));
    expect(new Set(steps)).toEqual(new Set([3600]));
  });

  it('are learned where the parameter sets hide them: from the next key frame on all is well', () => {
    const bench = run([silentSps(), stream.parameterSets[1] ?? Buffer.alloc(0)]);
    expect(bench.tracks.map(({ hasReordering }) => hasReordering).slice(0, 2)).toEqual([false, true]);
    const reordered = bench.frames.filter(({ generation }) => generation === 2);
    expect(reordered[0]?.isKeyFrame).toBe(true);
    expect(reordered.some(({ compositionOffsetTicks }) => compositionOffsetTicks > 0)).toBe(true);
    for (let index = 1; index < bench.frames.length; index += 1) {
      expect(bench.frames[index]?.decodeTicks).toBeGreaterThan(bench.frames[index - 1]?.decodeTicks ?? Infinity);
    }
  });
});
