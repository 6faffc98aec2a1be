/** Packs one stream as LL-HLS: frames in, playlists and media out. */
import { ArrivalLine } from '../clock/arrival-line.ts';
import type { Clock } from '../clock/clock.ts';
import { writeInitSegment } from '../fmp4/init-segment.ts';
import { SampleCollector } from '../fmp4/sample-collector.ts';
import type { Fragment } from '../fmp4/sample-collector.ts';
import type { RecordableAudio } from '../fmp4/sample-entry.ts';
import type { AudioTrack, Frame, StreamTracks } from '../stream/frame.ts';
import { decideReload, type ListedMedia } from './blocking-reload.ts';
import { decideCut, maxFrameMs, partTargetFor, targetDurationSeconds } from './cut.ts';
import type { HlsPackager, HlsPackagerOptions, MediaOutcome, PlaylistOutcome, PlaylistPosition, PlaylistQuery } from './packager-contract.ts';
import { formatMediaPlaylist, withTicket } from './playlist.ts';
import { SegmentWindow } from './segment-window.ts';
import type { Lease } from './segment-window.ts';
import { WaitingRequests } from './waiting-requests.ts';

/** Seven segments: one more than the skip boundary, so that delta updates have something to skip. */
const defaultWindowMs = 14_000;
const defaultMaxWaiters = 256;

/** How long a request waits for a part of a running stream: three target durations (RFC 8216bis §6.2.5.2). */
const blockedMs = 3 * targetDurationSeconds * 1000;

/** How long the first request of a stream waits for its first segment: connecting, a key frame and a segment. */
const firstSegmentMs = 12_000;

/** Init segments kept: the ones of the window and of retired segments; a camera that changes more often is broken. */
const maxInitSegments = 16;

/** Discontinuity sequence numbers begin with the minutes since then. hls.js indexes an array with them, so they stay small. */
const discontinuityEpochMs = Date.UTC(2026, 0, 1);

const noLease = (): void => {};

/** See {@link HlsPackager}. Hot: `onFrame`. */
export function createHlsPackager(options: HlsPackagerOptions): HlsPackager {
  return new Packager(options);
}

class Packager implements HlsPackager {
  audio: 'none' | 'aac' | 'left-out' = 'none';
  droppedFrames = 0;
  readonly #clock: Clock;
  readonly #window: SegmentWindow;
  readonly #waiting: WaitingRequests;
  readonly #initSegments = new Map<number, Buffer>();
  #initNumber = -1;
  #initBytes: Buffer | null = null;
  #generation = -1;
  #tracks: StreamTracks | null = null;
  /** Null until the key frame that begins a timeline. */
  #collector: SampleCollector | null = null;
  /** Arrivals of the collector's timeline. */
  #arrivals = new ArrivalLine();
  #clockRateHz = 90_000;
  #partTargetMs: number | null = null;
  /** The newest key frame of the timeline, and the length of the last whole group, which outlives interruptions. */
  #groupStartTicks: number | null = null;
  #groupMs: number | null = null;
  /** Where the last timeline ended, in media time and on the monotonic clock. */
  #endSeconds = 0;
  #endMonotonicMs = 0;
  #hasDiscontinuity = false;
  #hasPublished = false;
  #isClosed = false;
  #lastPosition: PlaylistPosition = { nextMediaSequence: 0, nextDiscontinuitySequence: 0 };
  /** Texts of the current state, made when somebody asks: whole playlist and delta update. */
  #wholeText: string | null = null;
  #deltaText: string | null = null;

  constructor(options: HlsPackagerOptions) {
    this.#clock = options.clock;
    const wallClockMs = options.clock.wallClockMs();
    const firstSequence = options.firstMediaSequence ?? Math.floor(wallClockMs / 1000);
    const firstDiscontinuity = options.firstDiscontinuitySequence ?? Math.max(0, Math.floor((wallClockMs - discontinuityEpochMs) / 60_000));
    this.#window = new SegmentWindow(
      options.windowMs ?? defaultWindowMs,
      Math.max(firstSequence, options.after?.nextMediaSequence ?? 0),
      Math.max(firstDiscontinuity, options.after?.nextDiscontinuitySequence ?? 0),
    );
    this.#waiting = new WaitingRequests(options.clock, options.maxWaiters ?? defaultMaxWaiters);
  }

  get heldBytes(): number {
    return this.#window.heldBytes;
  }

  /** The open segment was announced by a hint, so its number is used up. */
  get position(): PlaylistPosition {
    return this.#isClosed ? this.#lastPosition : this.#currentPosition();
  }

  onTracks(tracks: StreamTracks): void {
    if (this.#isClosed) return;
    this.#endTimeline();
    this.#tracks = tracks;
    this.#generation = tracks.generation;
    this.audio = audioTreatment(tracks.audio);
  }

  onFrame(frame: Frame): void {
    if (this.#isClosed || this.#tracks === null || frame.generation !== this.#generation) return;
    if (frame.kind === 'video') this.#onVideo(frame);
    else this.#collector?.pushAudio(frame);
  }

  onInterrupted(): void {
    this.#endTimeline();
  }

  playlist(query: PlaylistQuery): PlaylistOutcome | Promise<PlaylistOutcome> {
    if (this.#isClosed) return unavailable;
    const { msn, part } = query;
    const look = (): PlaylistOutcome | null => {
      const decision = decideReload(this.#listedMedia(), msn, part);
      if (decision === 'wait') return null;
      return decision === 'answer' ? { kind: 'playlist', text: this.#text(query) } : badRequests[decision];
    };
    const answer = look();
    if (answer !== null) return answer;
    if (this.#waiting.isFull) return { kind: 'too-many-waiters' };
    return this.#waiting.wait<PlaylistOutcome>(this.#window.segments.length === 0 ? firstSegmentMs : blockedMs, look, unavailable);
  }

  media(name: string): MediaOutcome | Promise<MediaOutcome> {
    if (this.#isClosed) return unavailable;
    const match = /^(?:(init)-(\d{1,15})\.mp4|(segment)-(\d{1,15})\.m4s|part-(\d{1,15})\.(\d{1,4})\.m4s)$/.exec(name);
    if (match === null) return notFound;
    if (match[1] !== undefined) {
      const bytes = this.#initSegments.get(Number(match[2]));
      return bytes === undefined ? notFound : mediaOf({ sizeBytes: bytes.length, buffers: [bytes], release: noLease });
    }
    if (match[3] !== undefined) return mediaOf(this.#window.leaseSegment(Number(match[4])));
    return this.#part(Number(match[5]), Number(match[6]));
  }

  close(): void {
    if (!this.#isClosed) this.#lastPosition = this.#currentPosition();
    this.#isClosed = true;
    this.#collector?.discard();
    this.#collector = null;
    this.#window.clear();
    this.#initSegments.clear();
    this.#waiting.endAll();
  }

  #part(sequence: number, index: number): MediaOutcome | Promise<MediaOutcome> {
    const lease = this.#window.leasePart(sequence, index);
    if (lease !== null) return mediaOf(lease);
    const isHinted = sequence === this.#window.nextSequence && index === (this.#window.open?.parts.length ?? 0);
    if (!isHinted || !this.#hasPublished) return notFound;
    if (this.#waiting.isFull) return { kind: 'too-many-waiters' };
    const look = (): MediaOutcome | null => {
      const found = this.#window.leasePart(sequence, index);
      if (found !== null) return mediaOf(found);
      return this.#window.nextSequence > sequence ? notFound : null;
    };
    return this.#waiting.wait<MediaOutcome>(blockedMs, look, unavailable);
  }

  #listedMedia(): ListedMedia {
    const { nextSequence, segments, open } = this.#window;
    return {
      segmentCount: segments.length,
      nextSequence,
      lastPartCount: segments.at(-1)?.parts.length ?? 0,
      openPartCount: open?.parts.length ?? 0,
      partTargetMs: this.#partTargetMs,
    };
  }

  #currentPosition(): PlaylistPosition {
    const { nextSequence, nextDiscontinuitySequence } = this.#window;
    return { nextMediaSequence: nextSequence + 1, nextDiscontinuitySequence };
  }

  #text(query: PlaylistQuery): string {
    const text = query.skip
      ? (this.#deltaText ??= formatMediaPlaylist(this.#playlist(), true))
      : (this.#wholeText ??= formatMediaPlaylist(this.#playlist(), false));
    return withTicket(text, query.ticket);
  }

  #playlist() {
    return this.#window.playlist(targetDurationSeconds, this.#partTargetMs ?? 0);
  }

  #onVideo(frame: Frame): void {
    let collector = this.#collector;
    if (collector !== null) {
      const frameTicks = collector.ticksUntil(frame);
      if (frameTicks > 0 && this.#ms(frameTicks) > maxFrameMs) {
        this.#endTimeline();
        collector = null;
      } else {
        // The frame held back turns out longer than the last one was: it may not fit any more.
        this.#cutBefore(collector, frameTicks, false);
      }
    }
    if (collector === null) {
      if (!frame.isKeyFrame) {
        this.droppedFrames++;
        return;
      }
      collector = this.#beginTimeline(frame);
      if (collector === null) return;
    }
    if (frame.isKeyFrame) this.#measureGroup(frame);
    collector.pushVideo(frame);
    this.#arrivals.observe(this.#ms(collector.timelineTicks(frame)), frame.arrivedMonotonicMs, frame.arrivedWallClockMs);
    this.#cutBefore(collector, collector.lastDurationTicks, frame.isKeyFrame);
  }

  #measureGroup(frame: Frame): void {
    if (this.#groupStartTicks !== null) this.#groupMs = this.#ms(frame.decodeTicks - this.#groupStartTicks);
    this.#groupStartTicks = frame.decodeTicks;
  }

  #cutBefore(collector: SampleCollector, frameTicks: number, isKeyFrameNext: boolean): void {
    const partMs = this.#ms(collector.durationTicks);
    const open = this.#window.open;
    const cut = decideCut({
      segmentMs: (open?.durationMs ?? 0) + partMs,
      partMs,
      frameMs: this.#ms(frameTicks),
      isKeyFrameNext,
      startsPartWithKeyFrame: collector.startsWithKeyFrame,
      startsWithKeyFrame: open === null ? collector.startsWithKeyFrame : open.parts[0]?.isIndependent === true,
      isFirstSegment: this.#window.segments.length === 0,
      partTargetMs: this.#partTargetMs,
      groupMs: this.#groupMs,
    });
    if (cut !== 'none' || collector.isFull) this.#publish(collector, cut === 'segment');
  }

  #publish(collector: SampleCollector, isSegmentEnd: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const fragment = collector.finishFragment();
    if (fragment !== null) this.#addPart(fragment);
    if (isSegmentEnd) this.#window.end(nowMs);
    this.#window.prune(nowMs);
    this.#wholeText = null;
    this.#deltaText = null;
    this.#waiting.notify();
  }

  #addPart(fragment: Fragment): void {
    const durationMs = this.#ms(fragment.durationTicks);
    if (this.#window.open === null) {
      this.#window.begin({
        programDateTimeMs: this.#arrivals.wallClockMsAt(this.#ms(fragment.startTicks)),
        hasDiscontinuity: this.#hasDiscontinuity,
        initNumber: this.#initNumber,
      });
      this.#hasDiscontinuity = false;
      this.#hasPublished = true;
    }
    this.#window.addPart(fragment, durationMs);
    this.#endSeconds = (fragment.startTicks + fragment.durationTicks) / this.#clockRateHz;
    this.#endMonotonicMs = this.#clock.monotonicMs();
    this.#partTargetMs ??= partTargetFor(durationMs);
  }

  /**
   * Media time goes on over discontinuities, as far as time passed: players that overlook `EXT-X-DISCONTINUITY`, ffmpeg
   * among them, would stumble over times that begin again.
   */
  #beginTimeline(frame: Frame): SampleCollector | null {
    const video = this.#tracks?.video;
    if (this.#tracks === null || video === null || video === undefined) return null;
    const audio = this.#tracks.audio !== null && isPlayable(this.#tracks.audio) ? this.#tracks.audio : null;
    this.#useInitSegment(writeInitSegment(video, audio));
    this.#clockRateHz = video.clockRateHz;
    this.#groupStartTicks = null;
    this.#hasDiscontinuity = this.#hasPublished;
    const passedSeconds = this.#hasPublished ? Math.max(0, frame.arrivedMonotonicMs - this.#endMonotonicMs) / 1000 : 0;
    this.#collector = new SampleCollector(video, audio, false, this.#endSeconds + passedSeconds);
    this.#arrivals = new ArrivalLine();
    return this.#collector;
  }

  #useInitSegment(bytes: Buffer): void {
    if (this.#initBytes?.equals(bytes) === true) return;
    this.#initBytes = bytes;
    this.#initNumber = this.#window.nextSequence;
    this.#initSegments.set(this.#initNumber, bytes);
    const oldest = this.#initSegments.keys().next().value;
    if (this.#initSegments.size > maxInitSegments && oldest !== undefined) this.#initSegments.delete(oldest);
  }

  #endTimeline(): void {
    const collector = this.#collector;
    if (collector === null) return;
    this.#collector = null;
    collector.endTimeline();
    this.#publish(collector, true);
    collector.discard();
  }

  #ms(ticks: number): number {
    return (ticks * 1000) / this.#clockRateHz;
  }
}

const badRequests = {
  'part-without-segment': { kind: 'bad-request', detail: '_HLS_part without _HLS_msn' },
  'too-far-ahead': { kind: 'bad-request', detail: '_HLS_msn or _HLS_part is too far in the future' },
} as const;
const unavailable = { kind: 'unavailable', detail: 'no picture in time' } as const;
const notFound = { kind: 'not-found' } as const;

function mediaOf(lease: Lease | null): MediaOutcome {
  return lease === null ? notFound : { kind: 'media', contentType: 'video/mp4', ...lease };
}

function isPlayable(audio: AudioTrack): audio is RecordableAudio {
  return audio.codec === 'aac';
}

function audioTreatment(audio: AudioTrack | null): 'none' | 'aac' | 'left-out' {
  if (audio === null) return 'none';
  return isPlayable(audio) ? 'aac' : 'left-out';
}
