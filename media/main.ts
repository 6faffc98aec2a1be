/**
 * The media node's process, and the only place in `media` that chooses implementations. Started by the server as a child on one
 * machine, or by itself elsewhere with `YILAN_SERVER_URL` and `YILAN_NODE_KEY`; the same link either way.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { systemClock } from './clock/clock.ts';
import type { DesiredStream, ObservedStorage } from './contract/streams.ts';
import { createHlsPackager } from './hls/packager.ts';
import { DecoderPool } from './inspect/decoder-pool.ts';
import { SnapshotMaker } from './inspect/snapshot-maker.ts';
import { streamKey, type StreamKey } from './node/convergence.ts';
import { EventOutbox } from './node/event-outbox.ts';
import { loadCertificate, validUntil, watchCertificate } from './node/certificate.ts';
import { createHttpFace } from './node/http-face.ts';
import { countIngestWorkers, createIngest } from './node/ingest/ingest.ts';
import { KeptState } from './node/kept-state.ts';
import { LiveFace } from './node/live-face.ts';
import { mayReadMetrics } from './node/metrics-access.ts';
import { createMetrics } from './node/metrics.ts';
import { MediaNode } from './node/node.ts';
import { PlaybackFace } from './node/playback-face.ts';
import { RecordingFaults } from './node/recording-faults.ts';
import { RecordingsKeeper } from './node/recordings-keeper.ts';
import { ServedStream } from './node/served-stream.ts';
import { openServerLink, type ServerLink } from './node/server-link.ts';
import { SocketFace } from './node/socket-face.ts';
import { explainFailedStart, exitCodes, makeFolder, StartRefused } from './node/start-refusal.ts';
import { StorageWatch } from './node/storage-watch.ts';
import { TicketChecker } from './node/ticket-check.ts';
import type { FindStream } from './node/watched-stream.ts';
import { WhepFace } from './node/whep-face.ts';
import { createPlaybackReader } from './playback/playback-reader.ts';
import { LastingRecorder } from './recorder/lasting-recorder.ts';
import { createRecorder } from './recorder/recorder.ts';
import type { Recorder, RecordingFault } from './recorder/recorder-contract.ts';
import { createRetentionRunner } from './recorder/retention-runner.ts';
import { scanRecordings } from './recorder/scan.ts';
import { createRecordingStore } from './recorder/store.ts';
import { removeTornFile } from './recorder/torn-files.ts';
import { TranscodedStream } from './transcode/transcoded-stream.ts';
import { TranscoderLimit } from './transcode/transcoder-limit.ts';
import { createNodeDatachannelEngine } from './webrtc/node-datachannel-engine.ts';

/** Files are closed well within this; the parent waits 4 s before it kills. */
const closeTimeoutMs = 3_500;

/** A server that runs welcomes a node within a second or two; one that does not answer by then is away, and cameras must not wait for it. */
const startAloneAfterMs = 10_000;

interface RunningNode {
  close(): Promise<void>;
}

async function start(settings: Settings, log: Logger): Promise<RunningNode> {
  const { media } = settings;
  const clock = systemClock;
  if (media.serverUrl === null || media.nodeKey === null) {
    throw new StartRefused(exitCodes.badSettings, 'A media node needs media.serverUrl and media.nodeKey (YILAN_SERVER_URL, YILAN_NODE_KEY).');
  }
  const recordingsDir = resolve(media.recordingsDir ?? join(settings.dataDir, 'recordings'));
  makeFolder(recordingsDir);

  // Before anything is opened: a bad pair is a reason not to start.
  const certificate = media.tls === null ? null : loadCertificate(media.tls);

  const version = readVersion();
  const outbox = new EventOutbox();
  const tickets = new TicketChecker();
  const faults = new RecordingFaults();
  const ingest = createIngest({
    workers: countIngestWorkers(media.ingestWorkers),
    lingerMs: media.onDemandLingerSeconds * 1000,
    clock,
    log,
  });
  const store = createRecordingStore({ directory: recordingsDir, clock, log });
  let link: ServerLink | null = null;
  const removeTorn = async (path: string): Promise<void> => {
    if (store.openPaths.has(path)) return;
    if (await removeTornFile(recordingsDir, path, clock.wallClockMs())) log.info({ path }, 'recordings.torn-file-deleted');
  };
  const keeper = new RecordingsKeeper({
    scan: (openPaths) => scanRecordings({ directory: recordingsDir, cameraId: null, openPaths, onTorn: removeTorn }),
    tell: (event) => link?.tell(event),
    log,
  });
  const retention = createRetentionRunner({
    directory: recordingsDir,
    clock,
    quotaBytes: media.recordingsQuotaBytes,
    runEveryMs: Math.min(60_000, (media.recordingFileSeconds * 1000) / 3),
    files: () => keeper.files(),
    retentionDays: (cameraId) => node.retentionDays(cameraId),
    onDeleted: (file, cause) => keeper.onDeleted(file, cause),
    log,
  });
  const storage = new StorageWatch({ measure: () => retention.observe(), quotaBytes: media.recordingsQuotaBytes, clock });
  const observeStorage = (): ObservedStorage => {
    const volume = storage.current();
    return { ...volume, fault: volume.fault ?? faults.current(isRecorded) };
  };
  const transcoders = new TranscoderLimit({
    program: media.ffmpeg,
    maxTranscodes: media.maxTranscodes,
    cores: availableParallelism(),
    clock,
    log,
  });
  const isRecorded = (key: StreamKey): boolean => (node.streams.get(key)?.desired.recording ?? null) !== null;
  const node: MediaNode = new MediaNode({
    tickets,
    createStream: (desired, onChange) =>
      new ServedStream({
        desired,
        createManaged: (stream, onManagedChange) => ingest.createStream(stream, onManagedChange),
        createPackager: (after) => createHlsPackager({ clock, after }),
        createRecorder: (stream) => recorderFor(stream),
        createTranscoded: (source) =>
          new TranscodedStream({
            source,
            limit: transcoders,
            program: media.ffmpeg,
            maxWidth: media.transcodeMaxWidth,
            lingerMs: media.onDemandLingerSeconds * 1000,
            clock,
            log,
            names: { cameraId: source.desired.cameraId, role: source.desired.role },
          }),
        onChange,
        onFailed: (error) => log.error({ err: error, cameraId: desired.cameraId }, 'recorder.close-failed'),
        clock,
      }),
    observeStorage,
    observeTranscoding: () => {
      const { running, limit, encoder } = transcoders.facts;
      return { running, limit, encoder };
    },
    tell: (event) => link?.tell(event),
    onChange: () => link?.noteChange(),
    wallClockMs: () => clock.wallClockMs(),
    log,
  });
  const recorderFor = ({ cameraId, role }: DesiredStream): Recorder => {
    const onFault = (fault: RecordingFault | null): void => {
      faults.set(streamKey(cameraId, role), fault);
      link?.noteChange();
    };
    const fileMs = media.recordingFileSeconds * 1000;
    const create = (): Recorder => createRecorder({ store, cameraId, role, fileMs, clock, onFile: (file) => keeper.onFile(file), onFault, log });
    return new LastingRecorder({ create, onFault, cameraId, clock, log });
  };

  const engine = await createNodeDatachannelEngine({
    portNumber: media.webRtcPort,
    iceAddresses: media.iceAddresses,
    maxViewers: media.maxViewers,
    clock,
    log,
  });
  const decoders = new DecoderPool({ program: media.ffmpeg, clock });
  const findStream: FindStream = (cameraId, role, video) => node.stream(cameraId, role)?.rendition(video) ?? null;
  const whep = new WhepFace({ stream: findStream, engine, tickets, clock, log });
  const sockets = new SocketFace({ stream: findStream, tickets, maxViewers: media.maxViewers, clock, log });
  const live = new LiveFace({ stream: findStream, snapshots: new SnapshotMaker(decoders, clock) });
  const writeMetrics = createMetrics({
    observe: () => node.observe(),
    webRtc: () => engine,
    webSockets: () => sockets.counts,
    ingest: () => ingest,
    leasedBytes: () => live.leasedBytes,
    transcoding: () => transcoders.facts,
    isLinked: () => link?.isLinked ?? false,
    waitingEvents: () => outbox.size,
    requestsByRoute: () => face.counters.requestsByRoute,
    refusals: () => face.counters.refusals,
  });
  const face = createHttpFace({
    tickets,
    live,
    whep,
    playback: new PlaybackFace(createPlaybackReader({ directory: recordingsDir })),
    sockets,
    metricsText: async (request) => (mayReadMetrics(request, media.metricsToken) ? writeMetrics() : null),
    certificate,
    clock,
    log,
  });
  // Trying encoders takes seconds where a GPU is to be woken: done before the first viewer comes.
  transcoders.ready().catch((error: unknown) => log.error({ err: error }, 'transcoding.search-failed'));
  keeper.start().catch((error: unknown) => log.error({ err: error }, 'recordings.scan-failed'));
  const mediaPort = await face.listen(media.port, media.host);
  const stopWatching =
    media.tls === null || certificate === null
      ? null
      : watchCertificate({ files: media.tls, current: certificate, onRenewed: (renewed) => face.useCertificate(renewed), clock, log });
  const keptState = new KeptState(join(settings.dataDir, 'media-node', 'desired-state'), media.nodeKey, log);
  const cancelAlone = clock.setTimer(startAloneAfterMs, () => {
    const state = keptState.load();
    if (state === null) return;
    log.warn({ generation: state.generation, streams: state.streams.length }, 'node.started-without-server');
    node.apply(state);
  });
  link = openServerLink({
    serverUrl: media.serverUrl,
    nodeKey: media.nodeKey,
    hello: {
      epoch: randomUUID(),
      version,
      publicUrl: media.publicUrl,
      mediaPort,
      usesTls: certificate !== null,
      webRtcPort: engine.portNumber,
      webRtcEngine: engine.name,
      startedAtMs: clock.wallClockMs(),
    },
    outbox,
    onDesired: (state) => {
      cancelAlone();
      node.apply(state);
      keptState.save(state);
    },
    onLinked: () => {
      keeper.tellInventories(node.recordedCameraIds()).catch((error: unknown) => log.error({ err: error }, 'recordings.inventory-failed'));
    },
    observe: () => node.observe(),
    clock,
    log,
  });
  log.info(
    {
      version,
      runtime: process.version,
      cores: availableParallelism(),
      ingestWorkers: ingest.workers,
      http: `${media.host}:${mediaPort}`,
      tls: certificate === null ? null : { names: certificate.names, validUntil: validUntil(certificate) },
      webRtc: `${engine.portNumber}/udp`,
      engine: engine.name,
      recordingsDir,
      server: media.serverUrl,
    },
    'media.started',
  );
  const openLink = link;
  return {
    close: async () => {
      stopWatching?.();
      whep.close();
      cancelAlone();
      await Promise.all([openLink.close(), keptState.close(), face.close(), engine.close(), retention.stop(), decoders.close()]);
      await node.close();
      await ingest.close();
      await store.close();
    },
  };
}

function readVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof description !== 'object' || description === null || !('version' in description)) return 'unknown';
  return String(description.version);
}

async function main(): Promise<void> {
  let settings: Settings | null = null;
  let log: Logger = createLog('info');
  let running: RunningNode;
  try {
    settings = loadSettings({ env: process.env });
    log = createLog(settings.logLevel);
    running = await start(settings, log);
  } catch (error) {
    const refused = explainFailedStart(error, settings?.media.port ?? null);
    if (refused === null) throw error;
    log.fatal({ exitCode: refused.exitCode }, refused.message);
    process.exit(refused.exitCode);
  }
  let isEnding = false;
  const end = (cause: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ cause }, 'media.ending');
    const timer = setTimeout(() => {
      log.error('media.ending-took-too-long');
      process.exit(1);
    }, closeTimeoutMs);
    running.close().then(
      () => {
        clearTimeout(timer);
        log.info('media.ended');
        // The WebRTC library keeps threads of its own, which would hold the process.
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'media.ending-failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  // A parent that was killed cannot say goodbye; its end of the channel closes all the same.
  process.once('disconnect', () => end('parent-gone'));
}

function createLog(level: Settings['logLevel']): Logger {
  return pino({
    level,
    name: 'media',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['credentials', '*.credentials', 'nodeKey', 'metricsToken', 'ticket'], censor: '[removed]' },
  });
}

await main();
