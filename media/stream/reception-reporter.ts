/** RTCP of one track: reads the camera's sender reports, writes our receiver reports. */
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
  /** Camera's wall clock minus ours at its last sender report, ms, transmission included; null without one. */
  cameraClockOffsetMs: number | null = null;

  constructor(track: ReportedTrack, receiverSsrc: number) {
    this.#track = track;
    this.#receiverSsrc = receiverSsrc;
  }

  /** Borrows `bytes[start, end)`: one compound packet. */
  onRtcp(bytes: Buffer, start: number, end: number, clock: Clock): void {
    const { senderReport } = parseRtcp(bytes, start, end);
    if (senderReport === null) return;
    this.#lastReportNtp = senderReport.lastReportNtp;
    this.#lastReportAtMs = clock.monotonicMs();
    this.cameraClockOffsetMs = senderReport.cameraWallClockMs - clock.wallClockMs();
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
