/** RTP packets of the audio track in, timed frames out. */
import type { Clock } from '../clock/clock.ts';
import { RtpTimeline } from '../clock/rtp-timeline.ts';
import { parseAacConfig } from '../codec/aac-config.ts';
import { AacDepacketizer, MAX_AUDIO_FRAME_BYTES, PlainAudioDepacketizer } from '../codec/audio-depacketizer.ts';
import type { AudioDepacketizer, AudioFrameListener } from '../codec/audio-depacketizer.ts';
import { RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceTracker, STALE_PACKET } from '../rtp/sequence-tracker.ts';
import type { PlannedAudio } from '../sdp/track-plan.ts';
import type { AudioTrack, Frame } from './frame.ts';
import { MIN_SLAB_BYTES } from './slab-pool.ts';
import type { SlabPool } from './slab-pool.ts';
import { SlabWriter } from './slab-writer.ts';

/** Receives what the track yields. Calls are synchronous. */
export interface AudioReceiverListener {
  /** Generation that a frame belongs to now; 0 while there is no picture yet and sound is left out. */
  generation(): number;
  /** How old the first picture was when it came, as far as it is known by now. */
  pictureLeadMs(): number;
  /** Borrows `frame`. */
  onFrame(frame: Frame): void;
  onLoss(packets: number): void;
}

/** Less is not noticed (ITU-R BT.1359: sound 45 ms early). */
const LEAST_MOVE_MS = 40;

/** The track for a planned audio; null when its AAC configuration is unsound. */
export function describeAudio(planned: PlannedAudio): AudioTrack | null {
  const { codec, clockRateHz, channels, config } = planned;
  switch (codec) {
    case 'aac': {
      const parsed = parseAacConfig(config);
      return parsed === null ? null : { codec, clockRateHz, channels: parsed.channels, config, codecString: `mp4a.40.${parsed.objectType}` };
    }
    case 'pcma':
      return { codec, clockRateHz, channels, config, codecString: 'alaw' };
    case 'pcmu':
      return { codec, clockRateHz, channels, config, codecString: 'ulaw' };
    case 'opus':
      return { codec, clockRateHz, channels, config, codecString: 'opus' };
  }
}

/** Receiver of one audio track of one connection. */
export class AudioReceiver implements AudioFrameListener {
  readonly #payloadType: number;
  readonly #clock: Clock;
  readonly #listener: AudioReceiverListener;
  readonly #packet = new RtpPacket();
  readonly #writer: SlabWriter;
  readonly #depacketizer: AudioDepacketizer;
  readonly #timeline: RtpTimeline;
  readonly sequence = new SequenceTracker();
  #movedMs = 0;

  /** `originMonotonicMs`: where the ticks of all tracks of the stream begin. */
  constructor(planned: PlannedAudio, pool: SlabPool, clock: Clock, originMonotonicMs: number, listener: AudioReceiverListener) {
    this.#payloadType = planned.payloadType;
    this.#clock = clock;
    this.#listener = listener;
    this.#writer = new SlabWriter(pool, MAX_AUDIO_FRAME_BYTES, MIN_SLAB_BYTES);
    this.#depacketizer =
      planned.codec === 'aac'
        ? new AacDepacketizer(this.#writer, this, planned.sizeLengthBits, planned.indexLengthBits, aacTicksPerFrame(planned))
        : new PlainAudioDepacketizer(this.#writer, this);
    this.#timeline = new RtpTimeline(planned.clockRateHz, originMonotonicMs);
  }

  /** Borrows `bytes[start, end)`: one RTP packet. False: it is none of this track. */
  push(bytes: Buffer, start: number, end: number): boolean {
    const packet = this.#packet;
    if (!packet.parse(bytes, start, end) || packet.payloadType !== this.#payloadType) return false;
    const missing = this.sequence.accept(packet.sequenceNumber, packet.ssrc);
    if (missing === STALE_PACKET) return true;
    if (missing > 0) {
      this.#depacketizer.onLoss();
      this.#listener.onLoss(missing);
    }
    this.#depacketizer.push(packet);
    return true;
  }

  get ssrc(): number {
    return this.#packet.ssrc;
  }

  /** Where an RTP time stands on the stream's axis, ms; null before the first unit. */
  axisMsOf(rtpTimestamp: number): number | null {
    return this.#timeline.axisMsOf(rtpTimestamp);
  }

  close(): void {
    this.#writer.close();
  }

  onDamagedFrame(): void {
    // A hole in the sound is heard, and counted by sequence number; nothing waits for it.
  }

  onAudioFrame(rtpTimestamp: number): void {
    const arrivedMonotonicMs = this.#clock.monotonicMs();
    this.#joinPicture();
    const decodeTicks = this.#timeline.advance(rtpTimestamp, arrivedMonotonicMs, false);
    const generation = this.#listener.generation();
    const writer = this.#writer;
    if (generation === 0) {
      writer.dropUnit();
      return;
    }
    const frame: Frame = {
      kind: 'audio',
      slab: writer.slab,
      start: writer.unitStart,
      end: writer.unitEnd,
      isKeyFrame: true,
      decodeTicks,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs,
      arrivedWallClockMs: this.#clock.wallClockMs(),
      generation,
    };
    writer.commitUnit();
    writer.observeTime(arrivedMonotonicMs);
    this.#listener.onFrame(frame);
  }

  /**
   * Both tracks begin where their first unit arrived. A picture from the camera's cache was old by then, sound mostly is not: it moves
   * ahead by the difference, and never back, for what was handed out stays.
   */
  #joinPicture(): void {
    const missingMs = this.#listener.pictureLeadMs() - this.#timeline.openingLeadMs - this.#movedMs;
    if (missingMs < LEAST_MOVE_MS) return;
    this.#timeline.moveAhead(missingMs);
    this.#movedMs += missingMs;
  }
}

/** With spectral band replication the RTP clock runs at the output rate, twice the core's. */
function aacTicksPerFrame(planned: PlannedAudio): number {
  const config = parseAacConfig(planned.config);
  return config === null ? 1024 : Math.round((config.samplesPerFrame * planned.clockRateHz) / config.sampleRateHz);
}
