/**
 * The VOD playlist of a span (RFC 8216 §4.3), over files that are served as they were recorded.
 *
 *     #EXTM3U  #EXT-X-VERSION  #EXT-X-TARGETDURATION  #EXT-X-PLAYLIST-TYPE:VOD  #EXT-X-MEDIA-SEQUENCE
 *     [#EXT-X-DATERANGE per gap]
 *     per file:     [#EXT-X-DISCONTINUITY] #EXT-X-MAP
 *     per segment:  #EXT-X-PROGRAM-DATE-TIME #EXTINF uri
 *     #EXT-X-ENDLIST
 *
 * Each file's decode times begin at 0, hence the discontinuity: it spares rewriting what was recorded. The true time is in
 * `EXT-X-PROGRAM-DATE-TIME`.
 */
import type { PlannedSegment } from './playback-plan.ts';
import type { RecordedSpan } from './spans.ts';

/** A file's share of the playlist. `name`: its name without folder and ending. */
export interface VodFile {
  readonly name: string;
  readonly segments: readonly PlannedSegment[];
}

/** Class of the date ranges that say where nothing was recorded. */
export const gapClass = 'yilan.gap';

/** The text; URIs are relative to `/playback/{cameraId}/` and repeat the ticket. */
export function formatVodPlaylist(files: readonly VodFile[], gaps: readonly RecordedSpan[], ticket: string): string {
  const query = `ticket=${encodeURIComponent(ticket)}`;
  let longest = 1;
  for (const file of files) for (const segment of file.segments) longest = Math.max(longest, Math.round(segment.durationSeconds));
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${longest}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0'];
  for (const gap of gaps) {
    const durationSeconds = ((gap.toMs - gap.fromMs) / 1000).toFixed(3);
    lines.push(
      `#EXT-X-DATERANGE:ID="gap-${gap.fromMs}",CLASS="${gapClass}",START-DATE="${new Date(gap.fromMs).toISOString()}",DURATION=${durationSeconds}`,
    );
  }
  for (const [index, file] of files.entries()) {
    if (index > 0) lines.push('#EXT-X-DISCONTINUITY');
    lines.push(`#EXT-X-MAP:URI="${file.name}/init.mp4?${query}"`);
    for (const segment of file.segments) {
      lines.push(
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.arrivedMs).toISOString()}`,
        `#EXTINF:${segment.durationSeconds.toFixed(5)},`,
        `${file.name}/${segment.startOffset}-${segment.endOffset}.m4s?${query}`,
      );
    }
  }
  lines.push('#EXT-X-ENDLIST', '');
  return lines.join('\n');
}
