/**
 * Whether a series of media playlists keeps the rules for a live server of low-latency HLS (RFC 8216bis, RFC 8216). Pure, and
 * independent of the writer: it reads texts. The clauses are those of `media/hls/low-latency.md`.
 */
import { readPlaylist } from './hls-playlist-reader.ts';
import type { ReadPlaylist, ReadSegment } from './hls-playlist-reader.ts';

/** Texts are rounded to 10 µs. */
const roundingSeconds = 1e-4;
const minPartFraction = 0.85;

/** What is wrong with one playlist by itself; empty: nothing. */
export function faultsOfPlaylist(text: string): string[] {
  const playlist = readPlaylist(text);
  return [...playlist.faults, ...headFaults(playlist), ...partFaults(playlist), ...segmentFaults(playlist)];
}

/**
 * What is wrong with playlists of one URL in the order of their making; whole ones and delta updates may be mixed, each delta update
 * following a playlist that has what it skips.
 */
export function faultsOfSeries(texts: readonly string[]): string[] {
  const faults: string[] = [];
  let before: ReadPlaylist | null = null;
  for (const [position, text] of texts.entries()) {
    const found = faultsOfPlaylist(text);
    const playlist: ReadPlaylist = unskip(readPlaylist(text), before, found);
    if (before !== null) found.push(...changeFaults(before, playlist));
    faults.push(...found.map((fault) => `playlist ${position}: ${fault}`));
    before = playlist;
  }
  return faults;
}

function headFaults(playlist: ReadPlaylist): string[] {
  const { targetSeconds, partTargetSeconds, serverControl, version, skippedSegments } = playlist;
  const faults: string[] = [];
  if (!(targetSeconds >= 1)) faults.push('no target duration (§4.4.3.1)');
  if (version < 6) faults.push('EXT-X-MAP needs version 6 (§8)');
  if (skippedSegments > 0 && version < 9) faults.push('EXT-X-SKIP needs version 9 (§8)');
  const holdBack = serverControl['HOLD-BACK'];
  if (holdBack !== undefined && Number(holdBack) < 3 * targetSeconds) faults.push('HOLD-BACK below three target durations (§4.4.3.8)');
  const skipUntil = serverControl['CAN-SKIP-UNTIL'];
  if (skipUntil !== undefined && Number(skipUntil) < 6 * targetSeconds) faults.push('CAN-SKIP-UNTIL below six target durations (§4.4.3.8)');
  if (skippedSegments > 0 && skipUntil === undefined) faults.push('skips without CAN-SKIP-UNTIL (§6.2.5.1)');
  const blocks = serverControl['CAN-BLOCK-RELOAD'];
  if (blocks !== undefined && blocks !== 'YES') faults.push('CAN-BLOCK-RELOAD is YES or absent (§4.4.3.8)');
  if (partTargetSeconds !== null) {
    const partHoldBack = Number(serverControl['PART-HOLD-BACK'] ?? Number.NaN);
    if (!(partHoldBack >= 3 * partTargetSeconds - roundingSeconds)) faults.push('PART-HOLD-BACK is not three part targets (§4.4.3.8)');
  }
  return faults;
}

function partFaults(playlist: ReadPlaylist): string[] {
  const { segments, partTargetSeconds, hintUri } = playlist;
  const faults: string[] = [];
  const uris = segments.flatMap((segment) => [...segment.parts.map((part) => part.uri), ...(segment.uri === null ? [] : [segment.uri])]);
  if (new Set(uris).size !== uris.length) faults.push('a URI is listed twice');
  if (hintUri !== null && uris.includes(hintUri)) faults.push('hints at what is listed already (§4.4.5.3)');
  for (const { sequence, uri, parts, seconds } of segments) {
    if (parts.length > 0 && partTargetSeconds === null) faults.push('parts without EXT-X-PART-INF (§4.4.3.7)');
    const sum = parts.reduce((total, part) => total + part.seconds, 0);
    if (uri !== null && parts.length > 0 && Math.abs(sum - seconds) > parts.length * roundingSeconds) {
      faults.push(`segment ${sequence} lasts ${seconds} s, its parts ${sum} s`);
    }
    for (const [index, part] of parts.entries()) {
      if (part.seconds > (partTargetSeconds ?? 0) + roundingSeconds)
        faults.push(`part ${sequence}.${index} of ${part.seconds} s is too long (§4.4.4.9)`);
      // The last part that the growing segment has may be its last.
      const mayBeShort = part.isIndependent || index === parts.length - 1;
      if (!mayBeShort && part.seconds < (partTargetSeconds ?? 0) * minPartFraction - roundingSeconds) {
        faults.push(`part ${sequence}.${index} of ${part.seconds} s is too short (§4.4.4.9)`);
      }
    }
  }
  return faults;
}

function segmentFaults(playlist: ReadPlaylist): string[] {
  const { segments, targetSeconds, claimsIndependentSegments, skippedSegments } = playlist;
  const faults: string[] = [];
  let fromEndSeconds = segments.reduce((total, segment) => total + segment.seconds, 0);
  for (const [position, segment] of segments.entries()) {
    const { sequence, uri, seconds, parts, mapUri, programDateTimeMs, hasDiscontinuity } = segment;
    fromEndSeconds -= seconds;
    if (Math.round(seconds) > targetSeconds) faults.push(`segment ${sequence} of ${seconds} s exceeds the target duration (§4.4.3.1)`);
    if (mapUri === null && skippedSegments === 0) faults.push(`segment ${sequence} has no EXT-X-MAP (§4.4.4.5)`);
    if (programDateTimeMs === null && (position === 0 || hasDiscontinuity)) faults.push(`segment ${sequence} has no date (§6.2.1)`);
    if (claimsIndependentSegments && parts[0]?.isIndependent === false) faults.push(`segment ${sequence} is claimed to be independent (§4.4.2.1)`);
    const isNearEnd = fromEndSeconds < 3 * targetSeconds - roundingSeconds;
    if (uri !== null && isNearEnd && parts.length === 0) faults.push(`segment ${sequence} lost its parts too early (§6.2.2)`);
    if (parts.length > 0 && fromEndSeconds > 3 * targetSeconds + roundingSeconds)
      faults.push(`segment ${sequence} keeps its parts too long (§6.2.2)`);
    const later = segments[position + 1];
    if (later?.programDateTimeMs != null && programDateTimeMs !== null) {
      const overlapMs = programDateTimeMs + seconds * 1000 - later.programDateTimeMs;
      if (overlapMs >= Math.min(1000, seconds * 1000 + 1)) faults.push(`dates of segments ${sequence} and ${later.sequence} are ambiguous (§6.2.1)`);
    }
  }
  return faults;
}

/** A delta update with what it leaves out put back. */
function unskip(delta: ReadPlaylist, before: ReadPlaylist | null, faults: string[]): ReadPlaylist {
  if (delta.skippedSegments === 0) return delta;
  const skipped = (before?.segments ?? []).filter(
    ({ sequence, uri }) => uri !== null && sequence >= delta.mediaSequence && sequence < delta.mediaSequence + delta.skippedSegments,
  );
  if (skipped.length !== delta.skippedSegments) faults.push('skips what the client does not know (§6.2.5.1)');
  const wholeSeconds = delta.segments.reduce((total, segment) => total + (segment.uri === null ? 0 : segment.seconds), 0);
  const skipUntil = Number(delta.serverControl['CAN-SKIP-UNTIL']);
  if (wholeSeconds < skipUntil - roundingSeconds) faults.push(`skips within ${skipUntil} s of the end (§6.2.5.1)`);
  // Discontinuities among the skipped segments count for those that follow (§4.4.5.2).
  const discontinuities = skipped.filter((segment) => segment.hasDiscontinuity).length;
  let mapUri = skipped.at(-1)?.mapUri ?? null;
  const listed = delta.segments.map((segment) => {
    mapUri = segment.mapUri ?? mapUri;
    return { ...segment, mapUri, discontinuitySequence: segment.discontinuitySequence + discontinuities };
  });
  if (listed.some((segment) => segment.mapUri === null)) faults.push('a segment has no EXT-X-MAP (§4.4.4.5)');
  return { ...delta, segments: [...skipped, ...listed] };
}

function changeFaults(before: ReadPlaylist, after: ReadPlaylist): string[] {
  const faults: string[] = [];
  if (after.targetSeconds !== before.targetSeconds) faults.push('the target duration changed (§6.2.1)');
  if (after.partTargetSeconds !== before.partTargetSeconds) faults.push('the part target changed (§6.2.1)');
  if (JSON.stringify(after.serverControl) !== JSON.stringify(before.serverControl)) faults.push('EXT-X-SERVER-CONTROL changed (§6.2.1)');
  if (after.mediaSequence < before.mediaSequence) faults.push('the media sequence number decreased (§6.2.2)');
  if (after.discontinuitySequence < before.discontinuitySequence) faults.push('the discontinuity sequence number decreased (§6.2.2)');
  const remaining = new Map(after.segments.map((segment) => [segment.sequence, segment]));
  for (const old of before.segments) {
    const now = remaining.get(old.sequence);
    if (now !== undefined) faults.push(...segmentChanges(old, now));
    else if (old.sequence >= after.mediaSequence) faults.push(`segment ${old.sequence} vanished from the middle (§6.2.2)`);
  }
  const wholeSeconds = after.segments.reduce((total, segment) => total + (segment.uri === null ? 0 : segment.seconds), 0);
  const wasRemoved = after.mediaSequence > before.mediaSequence && after.mediaSequence <= (before.segments.at(-1)?.sequence ?? 0);
  if (wasRemoved && wholeSeconds < 3 * after.targetSeconds - roundingSeconds) faults.push(`only ${wholeSeconds} s are left (§6.2.2)`);
  const hinted = before.hintUri;
  const news = firstNewPart(before, after);
  if (hinted !== null && news !== null && news !== hinted) faults.push(`${news} came instead of the hinted ${hinted} (§4.4.5.3)`);
  return faults;
}

function segmentChanges(old: ReadSegment, now: ReadSegment): string[] {
  const faults: string[] = [];
  const fixed = (segment: ReadSegment): string => {
    const { hasDiscontinuity, discontinuitySequence, mapUri, programDateTimeMs } = segment;
    return JSON.stringify({ hasDiscontinuity, discontinuitySequence, mapUri, programDateTimeMs });
  };
  if (fixed(old) !== fixed(now)) faults.push(`segment ${old.sequence} changed from ${fixed(old)} to ${fixed(now)} (§6.2.1)`);
  if (old.uri !== null && (old.uri !== now.uri || old.seconds !== now.seconds)) faults.push(`segment ${old.sequence} changed (§6.2.1)`);
  if (now.parts.length > 0 && JSON.stringify(now.parts.slice(0, old.parts.length)) !== JSON.stringify(old.parts)) {
    faults.push(`parts of segment ${old.sequence} changed (§6.2.1)`);
  }
  return faults;
}

/** The part that follows the last one that was there before; null when there is none, or when nobody can tell. */
function firstNewPart(before: ReadPlaylist, after: ReadPlaylist): string | null {
  const last = before.segments.at(-1);
  if (last === undefined) return null;
  const grown = after.segments.find((segment) => segment.sequence === last.sequence);
  if (grown === undefined) return null;
  const within = last.uri === null ? grown.parts[last.parts.length] : undefined;
  if (within !== undefined) return within.uri;
  // The hint named a part of the segment that turned out to have ended; it is not published (§6.2.6).
  if (last.uri === null) return null;
  return after.segments.find((segment) => segment.sequence === last.sequence + 1)?.parts[0]?.uri ?? null;
}
