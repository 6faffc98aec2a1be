/**
 * One client that plays a stream: its channels and counters, and what becomes of the bytes on their way to its
 * connection when the camera is cut off in mid-frame or slow.
 */
import type { CameraConfig } from './camera-config.ts';
import type { PacketTemplate } from './packet-template.ts';
import { stampPackets } from './packet-template.ts';
import { writeSenderReport } from './sender-report.ts';

/** One track as a client set it up: its RTP channel (RTCP is the next), and what has been sent. */
export interface ViewerTrack {
  readonly channel: number;
  sequenceNumber: number;
  packetCount: number;
  octetCount: number;
  lastReportMs: number;
}

/** Both tracks' names. */
export type TrackKind = 'video' | 'audio';

/** Sender reports go out this often. */
const REPORT_INTERVAL_MS = 3000;
/** A client that does not read loses frames beyond this, as a camera with a small send buffer does. */
const MAX_UNSENT_BYTES = 2 * 1024 * 1024;

/** Takes bytes in order: the RTSP connection, or {@link DatagramOutlet}. */
export interface Outlet {
  readonly writableLength: number;
  write(bytes: Buffer): void;
}

/** The way to a client: everything it is sent goes through here, in order. */
export class ViewerLink {
  readonly #outlet: Outlet;
  /** Bytes kept back while the stream stands in mid-frame; null when it does not. */
  #held: Buffer[] | null = null;
  /** Bytes of a slow camera, let out a few at a time; `#trickleNotBeforeMs` holds an answer back. */
  readonly #trickle: Buffer[] = [];
  #trickleBytes = 0;
  #trickleNotBeforeMs = 0;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** True if frames must be dropped because the client does not take them. */
  get isCongested(): boolean {
    return this.#outlet.writableLength + this.#trickleBytes > MAX_UNSENT_BYTES;
  }

  /** True while the connection stands in the middle of a frame. */
  get isCut(): boolean {
    return this.#held !== null;
  }

  /** Bytes that wait because the camera is slow. */
  get trickleBytes(): number {
    return this.#trickleBytes;
  }

  /** *Keeps* the bytes. */
  write(bytes: Buffer): void {
    if (this.#held !== null) this.#held.push(bytes);
    else if (this.#trickleBytes > 0) this.#queue(bytes);
    else this.#outlet.write(bytes);
  }

  /** Sends slowly, from `notBeforeMs` on. *Keeps* the bytes. */
  writeSlowly(bytes: Buffer, notBeforeMs: number): void {
    this.#trickleNotBeforeMs = Math.max(this.#trickleNotBeforeMs, notBeforeMs);
    this.#queue(bytes);
  }

  /** Sends the first half of a frame and keeps the rest, and all that follows, back. *Keeps* the bytes. */
  cut(bytes: Buffer): void {
    const middle = bytes.length >> 1;
    this.write(bytes.subarray(0, middle));
    this.#held = [bytes.subarray(middle)];
  }

  /** Ends a cut: what was kept back goes out, so that the byte stream is whole again. */
  resume(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const bytes of held) this.write(bytes);
  }

  /** Lets out up to `maxBytes` of what waits. */
  trickle(nowMs: number, maxBytes: number): void {
    if (nowMs < this.#trickleNotBeforeMs) return;
    let budget = maxBytes;
    while (budget > 0 && this.#held === null) {
      const first = this.#trickle[0];
      if (first === undefined) return;
      const sent = first.subarray(0, budget);
      this.#outlet.write(sent);
      budget -= sent.length;
      this.#trickleBytes -= sent.length;
      if (sent.length === first.length) this.#trickle.shift();
      else this.#trickle[0] = first.subarray(sent.length);
    }
  }

  #queue(bytes: Buffer): void {
    this.#trickle.push(bytes);
    this.#trickleBytes += bytes.length;
  }
}

/** A client in the state PLAY. */
export class Viewer {
  readonly link: ViewerLink;
  readonly video: ViewerTrack | null;
  readonly audio: ViewerTrack | null;
  readonly #writeMode: CameraConfig['writeMode'];
  /** Skips what can't be decoded until the next key frame. */
  waitsForKeyFrame = true;

  constructor(link: ViewerLink, video: ViewerTrack | null, audio: ViewerTrack | null, writeMode: CameraConfig['writeMode']) {
    this.link = link;
    this.video = video;
    this.audio = audio;
    this.#writeMode = writeMode;
  }

  /** Stamps a frame for this client and counts it. Null if the client has not set up the track. */
  stamp(kind: TrackKind, template: PacketTemplate, timestamp: number, ssrc: number): Buffer | null {
    const track = this[kind];
    if (track === null) return null;
    const bytes = stampPackets(template, {
      channel: track.channel,
      firstSequenceNumber: track.sequenceNumber,
      timestamp,
      ssrc,
    });
    track.sequenceNumber = (track.sequenceNumber + template.packetStarts.length) & 0xffff;
    track.packetCount += template.packetStarts.length;
    track.octetCount += template.payloadBytes;
    return bytes;
  }

  /** Sends a stamped frame whole or packet by packet, as the camera does. */
  send(bytes: Buffer, template: PacketTemplate): void {
    if (this.#writeMode === 'frame') {
      this.link.write(bytes);
      return;
    }
    template.packetStarts.forEach((start, index) => {
      this.link.write(bytes.subarray(start, template.packetStarts[index + 1] ?? bytes.length));
    });
  }

  /** Sends the sender report that is due, if one is. */
  report(kind: TrackKind, nowMs: number, wallClockMs: number, rtpTimestamp: number, ssrc: number): void {
    const track = this[kind];
    if (track === null || nowMs - track.lastReportMs < REPORT_INTERVAL_MS) return;
    track.lastReportMs = nowMs;
    this.link.write(
      writeSenderReport({
        channel: track.channel + 1,
        ssrc,
        wallClockMs,
        rtpTimestamp,
        packetCount: track.packetCount,
        octetCount: track.octetCount,
      }),
    );
  }
}

/** A track as it is after SETUP. */
export function createViewerTrack(channel: number, firstSequenceNumber: number): ViewerTrack {
  return {
    channel,
    sequenceNumber: firstSequenceNumber,
    packetCount: 0,
    octetCount: 0,
    lastReportMs: Number.NEGATIVE_INFINITY,
  };
}
