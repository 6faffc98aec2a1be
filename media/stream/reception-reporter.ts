/** RTCP of one track: reads the camera's sender reports, writes our receiver reports. */
import { CameraClock } from '../clock/camera-clock.ts';
import type { Clock } from '../clock/clock.ts';
import { parseRtcp, writeReceiverReport } from '../rtp/rtcp.ts';
import type { SequenceTracker } from '../rtp/sequence-tracker.ts';

/** What a track's receiver shows of itself. */
interface ReportedTrack {
  readonly sequence: SequenceTracker;
  readonly ssrc: number;
}

/** Reporter of one track. */
export class ReceptionReporter {
  readonly #track: ReportedTrack;
  readonly #receiverSsrc: number;
  #lastReportNtp = 0;
  #lastReportAtMs = 0;
  #reportedLost = 0;
  #reportedReceived = 0;
  readonly cameraClock: CameraClock;

  constructor(track: ReportedTrack, receiverSsrc: number, clockRateHz: number) {
    this.#track = track;
    this.#receiverSsrc = receiverSsrc;
    this.cameraClock = new CameraClock(clockRateHz);
  }

  /** Borrows `bytes[start, end)`: one compound packet. `roundTripMs`: shortest of the connection, null before one was measured. */
  onRtcp(bytes: Buffer, start: number, end: number, clock: Clock, roundTripMs: number | null): void {
    const { senderReport } = parseRtcp(bytes, start, end);
    if (senderReport === null) return;
    this.#lastReportNtp = senderReport.lastReportNtp;
    this.#lastReportAtMs = clock.monotonicMs();
    const { ssrc, ntpMs, rtpTimestamp } = senderReport;
    this.cameraClock.observe({
      ssrc,
      ntpMs,
      rtpTimestamp,
      arrivedMonotonicMs: this.#lastReportAtMs,
      arrivedWallClockMs: clock.wallClockMs(),
      roundTripMs,
    });
  }

  /** The next report; null before the first packet. `jitterTicks`: see `rtp/interarrival-jitter.ts`. */
  writeReport(nowMonotonicMs: number, jitterTicks: number): Buffer | null {
    const { receivedPackets, lostPackets, extendedHighest } = this.#track.sequence;
    if (receivedPackets === 0) return null;
    const lost = lostPackets - this.#reportedLost;
    const expected = lost + receivedPackets - this.#reportedReceived;
    this.#reportedLost = lostPackets;
    this.#reportedReceived = receivedPackets;
    return writeReceiverReport({
      receiverSsrc: this.#receiverSsrc,
      senderSsrc: this.#track.ssrc,
      fractionLost: expected <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      lostPackets,
      extendedHighestSequence: extendedHighest,
      jitterTicks,
      lastReportNtp: this.#lastReportNtp,
      delaySinceLastReport:
        this.#lastReportNtp === 0 ? 0 : Math.min(0xffffffff, Math.round(((nowMonotonicMs - this.#lastReportAtMs) * 65_536) / 1000)),
    });
  }
}
