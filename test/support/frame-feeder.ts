/** Feeds sinks with frames of the simulator's clips, without network and without waiting: time passes as the test says. */
import { readFileSync } from 'node:fs';
import type { AudioTrack, Frame, StreamTracks, VideoTrack } from '../../media/stream/frame.ts';
import type { FrameSink } from '../../media/stream/sink.ts';
import type { Slab } from '../../media/stream/slab.ts';
import { parseVideoStream } from '../simulator/annex-b.ts';
import type { AccessUnit } from '../simulator/annex-b.ts';
import { cutG711, parseAdts } from '../simulator/audio-clip.ts';
import type { AudioClip } from '../simulator/audio-clip.ts';
import type { FakeClock } from './fake-clock.ts';

const framesPerSecond = 15;
const videoClockRateHz = 90_000;
const frameMs = 1000 / framesPerSecond;
const slabBytes = 512 * 1024;
const clips = new URL('../simulator/clips/', import.meta.url);

/** A slab that counts its holders. When the last one lets go, its bytes are overwritten: reading them shows. */
export class CountedSlab implements Slab {
  readonly bytes = Buffer.alloc(slabBytes);
  holders = 1;

  retain(): void {
    if (this.holders <= 0) throw new Error('a slab was retained after its end');
    this.holders++;
  }

  release(): void {
    if (this.holders <= 0) throw new Error('a slab was released more often than retained');
    this.holders--;
    if (this.holders === 0) this.bytes.fill(0xee);
  }
}

export interface FrameFeederOptions {
  readonly clock: FakeClock;
  readonly codec?: 'h264' | 'h265';
  readonly size?: 'main' | 'sub';
  readonly audio?: 'aac' | 'pcma' | 'pcmu' | null;
  readonly firstTicks?: number;
}

/** Plays a clip in a loop. Frames arrive when they are due by the fake clock, which it moves. */
export class FrameFeeder {
  readonly sinks: FrameSink[] = [];
  readonly slabs: CountedSlab[] = [];
  tracks: StreamTracks;
  frameNumber = 0;
  readonly #clock: FakeClock;
  readonly #units: readonly AccessUnit[];
  readonly #audioClip: AudioClip | null;
  #audioNumber = 0;
  #ticks: number;
  #untilNextMs = frameMs;
  #audioTicks: number;
  #slab = new CountedSlab();
  #used = 0;

  constructor(options: FrameFeederOptions) {
    const codec = options.codec ?? 'h264';
    const size = options.size ?? 'sub';
    this.#clock = options.clock;
    const stream = parseVideoStream(codec, readFileSync(new URL(`test-card.${size}.${codec}`, clips)));
    this.#units = stream.accessUnits;
    this.#audioClip = loadAudio(options.audio ?? null);
    this.#ticks = options.firstTicks ?? 123_456;
    this.#audioTicks = Math.round(((options.firstTicks ?? 123_456) / videoClockRateHz) * (this.#audioClip?.clockRateHz ?? 1));
    this.slabs.push(this.#slab);
    const sps = stream.parameterSets.at(-2) ?? Buffer.alloc(0);
    const video: VideoTrack = {
      codec,
      clockRateHz: videoClockRateHz,
      width: size === 'main' ? 1280 : 640,
      height: size === 'main' ? 720 : 360,
      codecString: codec === 'h264' ? `avc1.${sps.subarray(1, 4).toString('hex')}` : 'hvc1.1.6.L93.B0',
      vps: stream.parameterSets.slice(0, -2),
      sps: [sps],
      pps: stream.parameterSets.slice(-1),
      hasReordering: false,
    };
    this.tracks = { generation: 1, video, audio: audioTrackOf(this.#audioClip) };
  }

  /** Slabs that somebody besides the feeder still holds. */
  get heldSlabs(): number {
    return this.slabs.filter((slab) => slab.holders > (slab === this.#slab ? 1 : 0)).length;
  }

  addSink(sink: FrameSink): void {
    this.sinks.push(sink);
    sink.onTracks(this.tracks);
  }

  /** The next `seconds` of the clip; the clock moves along. */
  feed(seconds: number): void {
    const frames = Math.round(seconds * framesPerSecond);
    for (let done = 0; done < frames; done++) this.feedFrame();
  }

  /** The next frame, and the sound up to it. `isKeyFrame` overrules the clip, `durationMs` its pace. */
  feedFrame(isKeyFrame?: boolean, durationMs = frameMs): void {
    const unit = this.#units[this.frameNumber % this.#units.length];
    if (unit === undefined) throw new Error('the clip is empty');
    this.frameNumber++;
    this.#clock.advance(this.#untilNextMs);
    this.#untilNextMs = durationMs;
    const sizeBytes = unit.nalUnits.reduce((sum, nalUnit) => sum + 4 + nalUnit.length, 0);
    let at = this.#reserve(sizeBytes);
    const start = at;
    for (const nalUnit of unit.nalUnits) {
      at = this.#slab.bytes.writeUInt32BE(nalUnit.length, at);
      at += nalUnit.copy(this.#slab.bytes, at);
    }
    this.#deliver('video', start, at, isKeyFrame ?? unit.isKeyFrame, this.#ticks);
    this.#ticks += Math.round((durationMs * videoClockRateHz) / 1000);
    this.#feedAudio();
  }

  /** The camera is silent: time passes on all clocks. */
  pause(seconds: number): void {
    this.#clock.advance(seconds * 1000);
    this.#ticks += seconds * videoClockRateHz;
    this.#audioTicks += seconds * (this.#audioClip?.clockRateHz ?? 0);
  }

  /** The connection ends; with the next one the same tracks are announced, or others. */
  interrupt(tracks: Partial<StreamTracks> = {}): void {
    for (const sink of this.sinks) sink.onInterrupted();
    this.tracks = { ...this.tracks, ...tracks, generation: this.tracks.generation + 1 };
    for (const sink of this.sinks) sink.onTracks(this.tracks);
  }

  /** The clip starts again at its first frame, which is a key frame. */
  rewind(): void {
    this.frameNumber = 0;
  }

  /** The feeder lets go of its newest slab. */
  end(): void {
    this.#slab.release();
  }

  #feedAudio(): void {
    const clip = this.#audioClip;
    if (clip === null) return;
    while (this.#audioTicks / clip.clockRateHz < this.#ticks / videoClockRateHz) {
      const unit = clip.units[this.#audioNumber++ % clip.units.length] ?? Buffer.alloc(0);
      const start = this.#reserve(unit.length);
      unit.copy(this.#slab.bytes, start);
      this.#deliver('audio', start, start + unit.length, true, Math.round(this.#audioTicks));
      this.#audioTicks += clip.samplesPerUnit;
    }
  }

  #reserve(sizeBytes: number): number {
    if (this.#used + sizeBytes > slabBytes) {
      this.#slab.release();
      this.#slab = new CountedSlab();
      this.slabs.push(this.#slab);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += sizeBytes;
    return start;
  }

  #deliver(kind: 'video' | 'audio', start: number, end: number, isKeyFrame: boolean, decodeTicks: number): void {
    const frame: Frame = {
      kind,
      slab: this.#slab,
      start,
      end,
      isKeyFrame,
      decodeTicks,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs: this.#clock.monotonicMs(),
      arrivedWallClockMs: Math.round(this.#clock.wallClockMs()),
      generation: this.tracks.generation,
    };
    for (const sink of this.sinks) sink.onFrame(frame);
  }
}

function loadAudio(codec: 'aac' | 'pcma' | 'pcmu' | null): AudioClip | null {
  if (codec === null) return null;
  if (codec === 'aac') return parseAdts(readFileSync(new URL('ambience-day.aac', clips)));
  return cutG711(codec, readFileSync(new URL('ambience-day.alaw', clips)));
}

function audioTrackOf(clip: AudioClip | null): AudioTrack | null {
  if (clip === null) return null;
  const { codec, clockRateHz } = clip;
  if (codec !== 'aac') return { codec, clockRateHz, channels: 1, config: Buffer.alloc(0), codecString: codec };
  // AudioSpecificConfig: AAC-LC (2), frequency index, one channel
  const index = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000].indexOf(clockRateHz);
  const config = Buffer.from([(2 << 3) | (index >> 1), ((index & 1) << 7) | (1 << 3)]);
  return { codec, clockRateHz, channels: 1, config, codecString: 'mp4a.40.2' };
}
