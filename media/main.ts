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
import type { DesiredStream } from './contract/streams.ts';
import { createHlsPackager } from './hls/packager.ts';
import { DecoderPool } from './inspect/decoder-pool.ts';
import { SnapshotMaker } from './inspect/snapshot-maker.ts';
import { streamKey, type StreamKey } from './node/convergence.ts';
import { EventOutbox } from './node/event-outbox.ts';
import { createHttpFace } from './node/http-face.ts';
import { LiveFace } from './node/live-face.ts';
import { createMetrics } from './node/metrics.ts';
import { MediaNode } from './node/node.ts';
import { PlaybackFace } from './node/playback-face.ts';
import { Renditions } from './node/renditions.ts';
import { RecordingFaults } from './node/recording-faults.ts';
import { RecordingsKeeper } from './node/recordings-keeper.ts';
import { ServedStream } from './node/served-stream.ts';
import { openServerLink, type ServerLink } from './node/server-link.ts';
import { SocketFace } from './node/socket-face.ts';
import { explainFailedStart, exitCodes, makeFolder, StartRefused } from './node/start-refusal.ts';
import { TicketChecker } from './node/ticket-check.ts';
import { WhepFace } from './node/whep-face.ts';
import { createPlaybackReader } from './playback/playback-reader.ts';
import { createRecorder } from './recorder/recorder.ts';
import { createRetentionRunner } from './recorder/retention-runner.ts';
import { scanRecordings } from './recorder/scan.ts';
import { createRecordingStore } from './recorder/store.ts';
import { ConnectScheduler } from './stream/connect-scheduler.ts';
import { createManagedStream } from './stream/managed-stream.ts';
import { TranscodedStream } from './transcode/transcoded-stream.ts';
import { TranscoderLimit } from './transcode/transcoder-limit.ts';
import { createNodeDatachannelEngine } from './webrtc/node-datachannel-engine.ts';

/** Files are closed well within this; the parent waits 4 s before it kills. */
const closeTimeoutMs = 3_500;

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

  const version = readVersion();
  const outbox = new EventOutbox();
  const tickets = new TicketChecker();
  const faults = new RecordingFaults();
  const connectScheduler = new ConnectScheduler();
  const store = createRecordingStore({ directory: recordingsDir, clock, log });
  let link: ServerLink | null = null;
  const keeper = new RecordingsKeeper({
    scan: (openPaths) => scanRecordings({ directory: recordingsDir, cameraId: null, openPaths }),
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
        createManaged: (stream, onManagedChange) =>
          createManagedStream({
            desired: stream,
            connectScheduler,
            lingerMs: media.onDemandLingerSeconds * 1000,
            onChange: onManagedChange,
            clock,
            log,
          }),
        createPackager: () => createHlsPackager({ clock }),
        createRecorder: (stream) => recorderFor(stream),
        onChange,
        onFailed: (error) => log.error({ err: error, cameraId: desired.cameraId }, 'recorder.close-failed'),
        clock,
      }),
    observeTranscoding: () => {
      const { running, limit, encoder } = transcoders.facts;
      return { running, limit, encoder };
    },
    observeStorage: async () => ({ ...(await retention.observe()), fault: faults.current(isRecorded) }),
    tell: (event) => link?.tell(event),
    onChange: () => link?.noteChange(),
    wallClockMs: () => clock.wallClockMs(),
    log,
  });
  const recorderFor = (stream: DesiredStream) =>
    createRecorder({
      store,
      cameraId: stream.cameraId,
      role: stream.role,
      fileMs: media.recordingFileSeconds * 1000,
      clock,
      onFile: (file) => keeper.onFile(file),
      onFault: (fault) => {
        faults.set(streamKey(stream.cameraId, stream.role), fault);
        link?.noteChange();
      },
      log,
    });

  const engine = await createNodeDatachannelEngine({
    portNumber: media.webRtcPort,
    iceAddresses: media.iceAddresses,
    maxViewers: media.maxViewers,
    clock,
    log,
  });
  const decoders = new DecoderPool({ program: media.ffmpeg, clock });
  const renditions = new Renditions({
    stream: node.stream.bind(node),
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
    createPackager: () => createHlsPackager({ clock }),
    clock,
  });
  const findStream = renditions.find.bind(renditions);
  const sockets = new SocketFace({ stream: findStream, tickets, maxViewers: media.maxViewers, clock, log });
  const face = createHttpFace({
    tickets,
    live: new LiveFace({ stream: findStream, snapshots: new SnapshotMaker(decoders, clock) }),
    whep: new WhepFace({ stream: findStream, engine, log }),
    playback: new PlaybackFace(createPlaybackReader({ directory: recordingsDir })),
    sockets,
    metricsText: createMetrics({
      observe: () => node.observe(),
      webRtcViewers: () => engine.viewerCount,
      webSockets: () => sockets.counts,
      transcoding: () => transcoders.facts,
      isLinked: () => link?.isLinked ?? false,
      waitingEvents: () => outbox.size,
      requestsByRoute: () => face.counters.requestsByRoute,
      refusals: () => face.counters.refusals,
    }),
    clock,
    log,
  });
  keeper.start().catch((error: unknown) => log.error({ err: error }, 'recordings.scan-failed'));
  const mediaPort = await face.listen(media.port, media.host);
  link = openServerLink({
    serverUrl: media.serverUrl,
    nodeKey: media.nodeKey,
    hello: {
      epoch: randomUUID(),
      version,
      publicUrl: media.publicUrl,
      mediaPort,
      webRtcPort: engine.portNumber,
      webRtcEngine: engine.name,
      startedAtMs: clock.wallClockMs(),
    },
    outbox,
    onDesired: (state) => node.apply(state),
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
      http: `${media.host}:${mediaPort}`,
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
      await Promise.all([openLink.close(), face.close(), engine.close(), retention.stop(), decoders.close(), renditions.close()]);
      await node.close();
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
    redact: { paths: ['credentials', '*.credentials', 'nodeKey', 'ticket'], censor: '[removed]' },
  });
}

await main();
