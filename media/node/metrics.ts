/** Counters and gauges of a node in Prometheus text form. Collected when somebody asks, nothing is kept up to date in between. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ObservedState, StreamPhase } from '../contract/streams.ts';
import type { TranscodingFacts } from '../transcode/transcoder-limit.ts';
import type { SocketCounts } from './socket-face.ts';

export interface NodeFacts {
  readonly observe: () => ObservedState;
  readonly webRtc: () => { readonly viewerCount: number; readonly droppedFrames: number };
  readonly webSockets: () => SocketCounts;
  readonly ingest: () => { readonly workers: number; readonly restarts: number; readonly slabBytes: number };
  readonly leasedBytes: () => number;
  readonly transcoding: () => TranscodingFacts;
  readonly isLinked: () => boolean;
  readonly waitingEvents: () => number;
  readonly requestsByRoute: () => ReadonlyMap<string, number>;
  readonly refusals: () => number;
}

/** Streams that get series of their own; a node with more is described by its sums. */
const maxStreamSeries = 500;

/** Those without a stream are told as 0: a series that comes and goes makes gaps in graphs and alerts. */
const phases: readonly StreamPhase[] = ['idle', 'connecting', 'streaming', 'waiting'];

/** Returns the function that writes the text. */
export function createMetrics(facts: NodeFacts): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const streams = new Gauge({ name: 'yilan_streams', help: 'Streams by phase', labelNames: ['phase'], registers });
  const frameAge = new Gauge({ name: 'yilan_stream_frame_age_seconds', help: 'Age of the newest frame', labelNames: ['camera', 'role'], registers });
  const bitrate = new Gauge({ name: 'yilan_stream_bits_per_second', help: 'Bit rate from the camera', labelNames: ['camera', 'role'], registers });
  const lost = new Counter({
    name: 'yilan_stream_lost_packets_total',
    help: 'RTP packets that never came from the camera',
    labelNames: ['camera', 'role'],
    registers,
  });
  const clockOffset = new Gauge({
    name: 'yilan_stream_clock_offset_seconds',
    help: 'Clock of the camera minus clock of the node, by its sender reports',
    labelNames: ['camera', 'role'],
    registers,
  });
  const viewers = new Gauge({ name: 'yilan_viewers', help: 'Viewers of all streams', registers });
  const webRtcViewers = new Gauge({ name: 'yilan_webrtc_viewers', help: 'WebRTC sessions', registers });
  const webRtcDropped = new Counter({
    name: 'yilan_webrtc_dropped_frames_total',
    help: 'Frames left out because a WebRTC viewer was too slow',
    registers,
  });
  const slowViewers = new Gauge({
    name: 'yilan_slow_viewers',
    help: 'Viewers of all streams for whom something was left out within the last 10 s',
    registers,
  });
  const webSocketPages = new Gauge({ name: 'yilan_websocket_pages', help: 'Pages connected by WebSocket', registers });
  const webSocketViewers = new Gauge({ name: 'yilan_websocket_viewers', help: 'Streams watched over WebSockets', registers });
  const webSocketDropped = new Counter({
    name: 'yilan_websocket_dropped_fragments_total',
    help: 'Fragments left out because a page was behind',
    registers,
  });
  const ingestWorkers = new Gauge({ name: 'yilan_ingest_workers', help: 'Threads that pull cameras; 0: the main thread does', registers });
  const ingestRestarts = new Counter({ name: 'yilan_ingest_worker_restarts_total', help: 'Ingest workers that died and were replaced', registers });
  const slabBytes = new Gauge({ name: 'yilan_slab_bytes', help: 'Memory that frames live in, transcoded ones included', registers });
  const leasedBytes = new Gauge({ name: 'yilan_leased_bytes', help: 'Media that HTTP answers under way hold', registers });
  const transcodes = new Gauge({ name: 'yilan_transcodes', help: 'Streams being transcoded to H.264', registers });
  const transcodeRestarts = new Counter({ name: 'yilan_transcode_restarts_total', help: 'Transcoders that ended by themselves', registers });
  const transcodeDropped = new Counter({
    name: 'yilan_transcode_dropped_frames_total',
    help: 'Frames left out because a transcoder was behind',
    registers,
  });
  const recording = new Gauge({ name: 'yilan_recording_streams', help: 'Streams being recorded', registers });
  const usedBytes = new Gauge({ name: 'yilan_recordings_used_bytes', help: 'Bytes of recordings', registers });
  const freeBytes = new Gauge({ name: 'yilan_recordings_free_bytes', help: 'Free bytes on their volume', registers });
  const linked = new Gauge({ name: 'yilan_server_linked', help: '1 while linked to the server', registers });
  const waitingEvents = new Gauge({ name: 'yilan_waiting_events', help: 'Events the server has not acknowledged', registers });
  const requests = new Counter({ name: 'yilan_http_requests_total', help: 'Requests by route', labelNames: ['route'], registers });
  const refusals = new Counter({ name: 'yilan_http_refusals_total', help: 'Requests refused', registers });

  return async () => {
    const state = facts.observe();
    streams.reset();
    frameAge.reset();
    bitrate.reset();
    lost.reset();
    clockOffset.reset();
    for (const phase of phases) streams.set({ phase }, 0);
    for (const [index, stream] of state.streams.entries()) {
      streams.inc({ phase: stream.phase });
      if (index >= maxStreamSeries) continue;
      const labels = { camera: stream.cameraId, role: stream.role };
      if (stream.lastFrameAtMs !== null) frameAge.set(labels, Math.max(0, state.atMs - stream.lastFrameAtMs) / 1000);
      if (stream.bitrateBps !== null) bitrate.set(labels, stream.bitrateBps);
      const offsetMs = stream.clock?.offsetMs ?? null;
      if (offsetMs !== null) clockOffset.set(labels, offsetMs / 1000);
      lost.inc(labels, stream.lostPackets);
    }
    viewers.set(state.streams.reduce((sum, stream) => sum + stream.viewers, 0));
    recording.set(state.streams.filter((stream) => stream.isRecording).length);
    slowViewers.set(state.streams.reduce((sum, stream) => sum + stream.slowViewers, 0));
    const webRtc = facts.webRtc();
    webRtcViewers.set(webRtc.viewerCount);
    webRtcDropped.reset();
    webRtcDropped.inc(webRtc.droppedFrames);
    const { pages, channels, droppedFragments } = facts.webSockets();
    webSocketPages.set(pages);
    webSocketViewers.set(channels);
    webSocketDropped.reset();
    webSocketDropped.inc(droppedFragments);
    const ingest = facts.ingest();
    ingestWorkers.set(ingest.workers);
    leasedBytes.set(facts.leasedBytes());
    ingestRestarts.reset();
    ingestRestarts.inc(ingest.restarts);
    const transcoding = facts.transcoding();
    slabBytes.set(ingest.slabBytes + transcoding.slabBytes);
    transcodes.set(transcoding.running);
    transcodeRestarts.reset();
    transcodeRestarts.inc(transcoding.restarts);
    transcodeDropped.reset();
    transcodeDropped.inc(transcoding.droppedFrames);
    usedBytes.set(state.storage.usedBytes);
    freeBytes.set(state.storage.freeBytes);
    linked.set(facts.isLinked() ? 1 : 0);
    waitingEvents.set(facts.waitingEvents());
    requests.reset();
    for (const [route, count] of facts.requestsByRoute()) requests.inc({ route }, count);
    refusals.reset();
    refusals.inc(facts.refusals());
    return registry.metrics();
  };
}
