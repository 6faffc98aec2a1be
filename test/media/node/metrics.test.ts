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
    slowViewers: 1,
  }));
  const writeMetrics = createMetrics({
    observe: () => ({
      generation: 1,
      atMs: 10_000,
      streams,
      storage: { usedBytes: 5, quotaBytes: 6, freeBytes: 7, fault: null },
      transcoding: null,
    }),
    webRtc: () => ({ viewerCount: 3, droppedFrames: 40 }),
    webSockets: () => ({ pages: 2, channels: 32, droppedFragments: 6 }),
    ingest: () => ({ workers: 2, restarts: 3, slabBytes: 4096 }),
    leasedBytes: () => 512,
    transcoding: () => ({ running: 1, limit: 2, encoder: 'libx264', restarts: 3, droppedFrames: 4, slabBytes: 1000 }),
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
    'yilan_stream_clock_offset_seconds{camera="camera-0",role="main"} -2.5',
    'yilan_stream_bits_per_second{camera="camera-0",role="main"} 1000000',
    'yilan_streams{phase="waiting"} 0',
    'yilan_stream_lost_packets_total{camera="camera-1",role="main"} 0',
    'yilan_viewers 4',
    'yilan_webrtc_viewers 3',
    'yilan_webrtc_dropped_frames_total 40',
    'yilan_slow_viewers 2',
    'yilan_websocket_pages 2',
    'yilan_websocket_viewers 32',
    'yilan_websocket_dropped_fragments_total 6',
    'yilan_ingest_workers 2',
    'yilan_slab_bytes 5096',
    'yilan_leased_bytes 512',
    'yilan_ingest_worker_restarts_total 3',
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
  expect(text.match(/^yilan_stream_bits_per_second\{/gm)).toHaveLength(500);
});

it('forgets the series of streams that are gone', async () => {
  let count = 3;
  const observed = (index: number) => ({ ...new ClipStream(desiredStream(`camera-${index}`)).observe(), bitrateBps: 1 });
  const writeMetrics = createMetrics({
    observe: () => ({
      generation: 1,
      atMs: 10_000,
      streams: Array.from({ length: count }, (_, index) => observed(index)),
      storage: { usedBytes: 5, quotaBytes: 6, freeBytes: 7, fault: null },
      transcoding: null,
    }),
    leasedBytes: () => 512,
    transcoding: () => ({ running: 0, limit: 0, encoder: null, restarts: 0, droppedFrames: 0, slabBytes: 1000 }),
    webRtc: () => ({ viewerCount: 0, droppedFrames: 0 }),
    webSockets: () => ({ pages: 0, channels: 0, droppedFragments: 0 }),
    ingest: () => ({ workers: 0, restarts: 0, slabBytes: 0 }),
    isLinked: () => true,
    waitingEvents: () => 0,
    requestsByRoute: () => new Map(),
    refusals: () => 0,
  });
  expect(await writeMetrics()).toContain('camera="camera-2"');
  count = 1;
  const text = await writeMetrics();
  expect([text.includes('camera="camera-0"'), text.includes('camera="camera-2"'), text.includes('camera="camera-1"')]).toEqual([true, false, false]);
});

it('names and counts as Prometheus expects: snake case, base units, totals for counters and for nothing else', async () => {
  const text = await metricsOf(1);
  const types = new Map([...text.matchAll(/^# TYPE (yilan_\S+) (\w+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
  expect(types.size).toBeGreaterThan(10);
  for (const [name, type] of types) {
    expect(name).toMatch(/^yilan(_[a-z0-9]+)+$/);
    expect(name).not.toMatch(/_(ms|milliseconds?|minutes?|kb|kilobytes?|mb|bps|percent)(_|$)/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\S$`, 'm'));
  }
});
