import { expect, it } from 'vitest';
import type { ObservedClock } from '../../../media/contract/streams.ts';
import { createMetrics } from '../../../media/node/metrics.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';

const clock: ObservedClock = {
  kind: 'utc',
  quality: 'good',
  offsetMs: -2500,
  uncertaintyMs: 4,
  driftPpm: null,
  steppedAtMs: null,
  soundLateMs: null,
  measuredAtMs: 9000,
};

function metricsOf(streamCount: number): Promise<string> {
  const streams = Array.from({ length: streamCount }, (_, index) => ({
    ...new ClipStream(desiredStream(`camera-${index}`)).observe(),
    lastFrameAtMs: 8_000,
    bitrateBps: 1_000_000,
    clock: index === 0 ? clock : null,
    viewers: 2,
  }));
  const writeMetrics = createMetrics({
    observe: async () => ({
      generation: 1,
      atMs: 10_000,
      streams,
      storage: { usedBytes: 5, quotaBytes: 6, freeBytes: 7, fault: null },
      transcoding: null,
    }),
    webRtcViewers: () => 3,
    webSockets: () => ({ pages: 2, channels: 32, droppedFragments: 6 }),
    transcoding: () => ({ running: 1, limit: 2, encoder: 'libx264', restarts: 3, droppedFrames: 4 }),
    isLinked: () => true,
    waitingEvents: () => 4,
    requestsByRoute: () => new Map([['live-playlist', 9]]),
    refusals: () => 1,
  });
  return writeMetrics().then(() => writeMetrics());
}

it('tells sums, and each stream with its labels', async () => {
  const text = await metricsOf(2);
  for (const line of [
    'yilan_streams{phase="streaming"} 2',
    'yilan_stream_frame_age_seconds{camera="camera-1",role="main"} 2',
    'yilan_stream_bitrate_bps{camera="camera-0",role="main"} 1000000',
    'yilan_stream_clock_offset_seconds{camera="camera-0",role="main"} -2.5',
    'yilan_viewers 4',
    'yilan_webrtc_viewers 3',
    'yilan_websocket_pages 2',
    'yilan_websocket_viewers 32',
    'yilan_websocket_dropped_fragments_total 6',
    'yilan_server_linked 1',
    'yilan_waiting_events 4',
    'yilan_recordings_free_bytes 7',
    'yilan_http_requests_total{route="live-playlist"} 9',
    'yilan_http_refusals_total 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain('yilan_stream_clock_offset_seconds{camera="camera-1"');
});

it('gives series of their own to a bounded number of streams', async () => {
  const text = await metricsOf(700);
  expect(text).toContain('yilan_streams{phase="streaming"} 700');
  expect(text.match(/^yilan_stream_bitrate_bps\{/gm)).toHaveLength(500);
});
