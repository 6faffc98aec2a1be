/**
 * Reads media playlists of low-latency HLS (RFC 8216bis §4.4) for the checks of `hls-conformance.ts`. Knows nothing of the writer:
 * unknown tags, tags in wrong places and malformed attributes are faults, for our own playlists have none.
 */

export interface ReadPart {
  readonly uri: string;
  readonly seconds: number;
  readonly isIndependent: boolean;
}

export interface ReadSegment {
  readonly sequence: number;
  /** Null for the segment that grows. */
  readonly uri: string | null;
  /** `EXTINF`, or the sum of the parts there are. */
  readonly seconds: number;
  readonly parts: readonly ReadPart[];
  readonly hasDiscontinuity: boolean;
  readonly discontinuitySequence: number;
  /** In force, not only where the tag stands; null: none, as after the skipped segments of a delta update. */
  readonly mapUri: string | null;
  readonly programDateTimeMs: number | null;
}

export interface ReadPlaylist {
  readonly version: number;
  readonly targetSeconds: number;
  readonly partTargetSeconds: number | null;
  readonly serverControl: Readonly<Record<string, string>>;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /** Segments that `EXT-X-SKIP` stands for. */
  readonly skippedSegments: number;
  readonly claimsIndependentSegments: boolean;
  /** Whole segments, then the one that grows if it has parts. */
  readonly segments: readonly ReadSegment[];
  readonly hintUri: string | null;
  readonly faults: readonly string[];
}

const headTags = new Set(['VERSION', 'TARGETDURATION', 'SERVER-CONTROL', 'PART-INF', 'MEDIA-SEQUENCE', 'DISCONTINUITY-SEQUENCE', 'SKIP']);

/** The playlist, with what is wrong with its form in `faults`. Never throws. */
export function readPlaylist(text: string): ReadPlaylist {
  const faults: string[] = [];
  const head = new Map<string, string>();
  const segments: ReadSegment[] = [];
  let claimsIndependentSegments = false;
  let hintUri: string | null = null;
  let parts: ReadPart[] = [];
  let mapUri: string | null = null;
  let programDateTimeMs: number | null = null;
  let hasDiscontinuity = false;
  let discontinuities = 0;
  let seconds: number | null = null;
  const number = (name: string): number | null => {
    const value = head.get(name);
    return value === undefined ? null : Number(value);
  };
  const skipped = (): number => Number(attributes(head.get('SKIP') ?? '')['SKIPPED-SEGMENTS'] ?? 0);
  const push = (uri: string | null): void => {
    const sequence = (number('MEDIA-SEQUENCE') ?? 0) + skipped() + segments.length;
    const total = seconds ?? parts.reduce((sum, part) => sum + part.seconds, 0);
    const discontinuitySequence = (number('DISCONTINUITY-SEQUENCE') ?? 0) + discontinuities;
    segments.push({ sequence, uri, seconds: total, parts, hasDiscontinuity, discontinuitySequence, mapUri, programDateTimeMs });
    parts = [];
    programDateTimeMs = null;
    hasDiscontinuity = false;
    seconds = null;
  };
  const lines = text.split('\n');
  if (lines.shift() !== '#EXTM3U') faults.push('does not begin with #EXTM3U (§4.3.1.1)');
  if (lines.pop() !== '') faults.push('does not end with a line feed');
  for (const line of lines) {
    const [, tag = '', value = ''] = /^#EXT(?:-X-)?([A-Z-]+)(?::(.*))?$/.exec(line) ?? [];
    if (hintUri !== null) faults.push(`follows the preload hint: ${line}`);
    if (!line.startsWith('#')) {
      if (seconds === null) faults.push(`URI without EXTINF (§4.4.4.1): ${line}`);
      push(line);
    } else if (headTags.has(tag)) {
      if (head.has(tag)) faults.push(`${tag} twice (§4.4.3)`);
      if (segments.length > 0 || parts.length > 0) faults.push(`${tag} behind the first segment (§4.4.3.2, §4.4.3.3)`);
      head.set(tag, value);
    } else if (tag === 'INDEPENDENT-SEGMENTS') {
      claimsIndependentSegments = true;
    } else if (tag === 'DISCONTINUITY' || tag === 'MAP' || tag === 'PROGRAM-DATE-TIME') {
      if (parts.length > 0) faults.push(`${tag} behind the first part of its segment (§4.4.4.9)`);
      if (tag === 'DISCONTINUITY') {
        hasDiscontinuity = true;
        discontinuities++;
      } else if (tag === 'MAP') mapUri = unquote(attributes(value)['URI'], line, faults);
      else {
        programDateTimeMs = Date.parse(value);
        if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/.test(value))
          faults.push(`no date with milliseconds and zone (§4.4.4.6): ${value}`);
      }
    } else if (tag === 'PART') {
      const { URI, DURATION, INDEPENDENT } = attributes(value);
      if (!/^\d+(\.\d+)?$/.test(DURATION ?? '')) faults.push(`part without duration: ${line}`);
      if (INDEPENDENT !== undefined && INDEPENDENT !== 'YES') faults.push(`INDEPENDENT is YES or absent: ${line}`);
      parts.push({ uri: unquote(URI, line, faults), seconds: Number(DURATION), isIndependent: INDEPENDENT === 'YES' });
    } else if (tag === 'INF') {
      if (!/^\d+\.\d+,$/.test(value)) faults.push(`EXTINF is not decimal (§4.4.4.1): ${line}`);
      seconds = Number.parseFloat(value);
    } else if (tag === 'PRELOAD-HINT') {
      const { TYPE, URI } = attributes(value);
      if (TYPE !== 'PART') faults.push(`hint of type ${TYPE}`);
      if (parts.length > 0) push(null);
      hintUri = unquote(URI, line, faults);
    } else faults.push(`a tag that does not belong into a live media playlist: ${line}`);
  }
  if (parts.length > 0) push(null);
  const partTarget = attributes(head.get('PART-INF') ?? '')['PART-TARGET'];
  for (const name of ['VERSION', 'TARGETDURATION', 'MEDIA-SEQUENCE', 'DISCONTINUITY-SEQUENCE']) {
    if (head.has(name) && !/^\d+$/.test(head.get(name) ?? '')) faults.push(`${name} is no whole number`);
  }
  return {
    version: number('VERSION') ?? 1,
    targetSeconds: number('TARGETDURATION') ?? Number.NaN,
    partTargetSeconds: partTarget === undefined ? null : Number(partTarget),
    serverControl: attributes(head.get('SERVER-CONTROL') ?? ''),
    mediaSequence: number('MEDIA-SEQUENCE') ?? 0,
    discontinuitySequence: number('DISCONTINUITY-SEQUENCE') ?? 0,
    skippedSegments: skipped(),
    claimsIndependentSegments,
    segments,
    hintUri,
    faults,
  };
}

/** An attribute list (§4.2). Quoted values keep their quotes. */
function attributes(list: string): Record<string, string> {
  return Object.fromEntries([...list.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

function unquote(value: string | undefined, line: string, faults: string[]): string {
  if (value === undefined || !/^".+"$/.test(value)) faults.push(`URI is missing or not quoted: ${line}`);
  return value?.slice(1, -1) ?? '';
}
