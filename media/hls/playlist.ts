/**
 * The media playlist as data, and its text (RFC 8216bis §4.4).
 *
 *     #EXTM3U  #EXT-X-VERSION  #EXT-X-TARGETDURATION  #EXT-X-SERVER-CONTROL  #EXT-X-PART-INF
 *     #EXT-X-MEDIA-SEQUENCE  #EXT-X-DISCONTINUITY-SEQUENCE  [#EXT-X-SKIP]
 *     per segment: [#EXT-X-DISCONTINUITY] [#EXT-X-MAP] #EXT-X-PROGRAM-DATE-TIME [#EXT-X-PART …] #EXTINF uri
 *     the open segment: the same without #EXTINF
 *     #EXT-X-PRELOAD-HINT
 */

/** A part of a segment. */
export interface PlaylistPart {
  readonly durationMs: number;
  /** Begins with a key frame. */
  readonly isIndependent: boolean;
}

/** A segment. `parts` are listed near the live edge only. */
export interface PlaylistSegment {
  readonly sequence: number;
  readonly durationMs: number;
  /** Arrival of the first frame at the node without the network's jitter; wall clock, ms since 1970. */
  readonly programDateTimeMs: number;
  readonly hasDiscontinuity: boolean;
  /** Number in `init-{n}.mp4`. */
  readonly initNumber: number;
  readonly parts: readonly PlaylistPart[];
}

/** A live playlist at one moment. */
export interface MediaPlaylist {
  readonly targetDurationSeconds: number;
  readonly partTargetMs: number;
  readonly discontinuitySequence: number;
  /** Whole segments, oldest first; at least one. */
  readonly segments: readonly PlaylistSegment[];
  /** The segment that grows, null between two. */
  readonly open: PlaylistSegment | null;
  /** Sequence number of the open segment, or of the one to come. */
  readonly nextSequence: number;
}

/** Stands for the ticket in a text that is formatted once for all viewers. No URI and no tag contains it. */
const ticketPlaceholder = '\u0000';

/** Distance from the end beyond which a delta update leaves segments out, in target durations: the least allowed (§4.4.3.8). */
const skipBoundaryTargets = 6;

/** Versions (§8): `EXT-X-MAP` needs 6, which every player knows that plays fragmented MP4; `EXT-X-SKIP` needs 9. */
const wholeVersion = 6;
const deltaVersion = 9;

/** Parts are listed within so many target durations of the end (§6.2.2 lets older ones go). */
const listedPartsTargets = 3;

/** Distance from the live edge at which a player stays, in part targets (§4.4.3.8). */
const partHoldBackTargets = 3;

/** Text with a placeholder for the ticket: {@link withTicket} makes it an answer. */
export function formatMediaPlaylist(playlist: MediaPlaylist, isDelta: boolean): string {
  const { segments, open } = playlist;
  const targetMs = playlist.targetDurationSeconds * 1000;
  const skipped = isDelta ? countSkippable(playlist, skipBoundaryTargets * targetMs) : 0;
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${skipped > 0 ? deltaVersion : wholeVersion}`,
    `#EXT-X-TARGETDURATION:${playlist.targetDurationSeconds}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(playlist.partTargetMs * partHoldBackTargets)},CAN-SKIP-UNTIL=${seconds(skipBoundaryTargets * targetMs)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(playlist.partTargetMs)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? playlist.nextSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
  ];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let initNumber = skipped > 0 ? segments[skipped - 1]?.initNumber : undefined;
  let fromEndMs = totalMs(playlist);
  for (const [index, segment] of segments.entries()) {
    fromEndMs -= segment.durationMs;
    if (index < skipped) continue;
    pushHead(lines, segment, segment.initNumber !== initNumber);
    initNumber = segment.initNumber;
    if (fromEndMs < listedPartsTargets * targetMs) pushParts(lines, segment);
    lines.push(`#EXTINF:${seconds(segment.durationMs, 5)},`, uri(`segment-${segment.sequence}.m4s`));
  }
  if (open !== null) {
    pushHead(lines, open, open.initNumber !== initNumber);
    pushParts(lines, open);
  }
  // Also while the stream is interrupted: hls.js 1.7 takes the last segment of a playlist with parts for the next one, unless a
  // tag follows, and gives up at the next discontinuity.
  lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${uri(`part-${playlist.nextSequence}.${open?.parts.length ?? 0}.m4s`)}"`, '');
  return lines.join('\n');
}

/** The text for one viewer. */
export function withTicket(text: string, ticket: string): string {
  return text.replaceAll(ticketPlaceholder, encodeURIComponent(ticket));
}

function pushHead(lines: string[], segment: PlaylistSegment, isMapNew: boolean): void {
  if (segment.hasDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
  if (isMapNew) lines.push(`#EXT-X-MAP:URI="${uri(`init-${segment.initNumber}.mp4`)}"`);
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programDateTimeMs).toISOString()}`);
}

function pushParts(lines: string[], segment: PlaylistSegment): void {
  for (const [index, part] of segment.parts.entries()) {
    const independent = part.isIndependent ? ',INDEPENDENT=YES' : '';
    lines.push(`#EXT-X-PART:DURATION=${seconds(part.durationMs, 5)},URI="${uri(`part-${segment.sequence}.${index}.m4s`)}"${independent}`);
  }
}

/** Segments that end further from the end of the last whole segment than the skip boundary (§6.2.5.1). */
function countSkippable(playlist: MediaPlaylist, boundaryMs: number): number {
  let fromEndMs = totalMs(playlist) - (playlist.open?.durationMs ?? 0);
  let count = 0;
  for (const segment of playlist.segments) {
    fromEndMs -= segment.durationMs;
    if (fromEndMs < boundaryMs) break;
    count++;
  }
  return count;
}

function totalMs(playlist: MediaPlaylist): number {
  let total = playlist.open?.durationMs ?? 0;
  for (const segment of playlist.segments) total += segment.durationMs;
  return total;
}

function uri(name: string): string {
  return `${name}?ticket=${ticketPlaceholder}`;
}

function seconds(ms: number, digits = 3): string {
  return (ms / 1000).toFixed(digits);
}
