/** Notices, a few times a second, whether the packets of a source still come: one comparison instead of a clock reading per packet. */
import type { PictureEvidence } from './picture-watch.ts';
import type { SourceActivity } from './rtsp-source.ts';
import type { StreamMeasurements } from './stream-measurements.ts';

/** Watch of one connection. */
export class PacketWatch {
  readonly #openedAtMs: number;
  #playingSinceMs: number | null = null;
  #videoPackets = 0;
  #audioPackets = 0;
  #damagedKeyFrames = 0;
  #lastDamagedKeyFrameMs: number | null = null;
  #lastVideoPacketMs: number | null = null;
  #lastAudioPacketMs: number | null = null;

  /** `openedAtMs`: monotonic moment at which the connection was begun. */
  constructor(openedAtMs: number) {
    this.#openedAtMs = openedAtMs;
  }

  /** What is known at `nowMs` (monotonic). */
  look(activity: SourceActivity, measurements: StreamMeasurements, nowMs: number): PictureEvidence {
    if (activity.isPlaying) this.#playingSinceMs ??= nowMs;
    if (activity.videoPackets !== this.#videoPackets) this.#lastVideoPacketMs = nowMs;
    if (activity.audioPackets !== this.#audioPackets) this.#lastAudioPacketMs = nowMs;
    if (activity.damagedKeyFrames !== this.#damagedKeyFrames) this.#lastDamagedKeyFrameMs = nowMs;
    this.#damagedKeyFrames = activity.damagedKeyFrames;
    this.#videoPackets = activity.videoPackets;
    this.#audioPackets = activity.audioPackets;
    return {
      playingSinceMs: this.#playingSinceMs,
      lastVideoPacketMs: this.#lastVideoPacketMs,
      lastAudioPacketMs: this.#lastAudioPacketMs,
      lastFrameMs: sinceOpened(measurements.lastFrameMonotonicMs, this.#openedAtMs),
      // A key frame that lost packets on the way is no fault of the camera's.
      lastKeyFrameMs: later(measurements.lastKeyFrameMonotonicMs, this.#lastDamagedKeyFrameMs),
      areTimestampsBroken: activity.areTimestampsBroken,
    };
  }
}

/** The newest frame may be one of the connection before. */
function sinceOpened(momentMs: number | null, openedAtMs: number): number | null {
  return momentMs !== null && momentMs >= openedAtMs ? momentMs : null;
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
