/** All rows of `npm run bench`, in the order they are measured. A new program is a run and a row. */
import type { Measurement, Run } from './measurement.ts';

/** A program with its arguments, and those of `--quick` (null: left out). */
function run(command: string, quick: string | null): Run {
  const [program = '', ...args] = command.split(' ');
  return { program, args, quickArgs: quick === null ? null : quick.split(' ') };
}

const seconds = '20';
const quickSeconds = '8';
/** As a node runs by default on two cores: packagers, and no thread for ingest. */
const asNode = '--hls --workers 0';
const withWorker = '--hls --workers 1';

const oursFrame100 = run(`ingest.ts 100 ${seconds} frame ${asNode}`, `100 ${quickSeconds} frame ${asNode} --warm-up 20`);
const oursPacket100 = run(`ingest.ts 100 ${seconds} packet ${asNode}`, `100 ${quickSeconds} packet ${asNode} --warm-up 20`);
const oursFrame200 = run(`ingest.ts 200 ${seconds} frame ${asNode}`, null);
const oursPacket200 = run(`ingest.ts 200 ${seconds} packet ${asNode}`, null);
const workerFrame200 = run(`ingest.ts 200 ${seconds} frame ${withWorker}`, null);
const oursFrame400 = run(`ingest.ts 400 ${seconds} frame ${asNode}`, null);
const ffmpegFrame100 = run(`peers.ts ffmpeg 100 ${seconds} frame`, `ffmpeg 100 ${quickSeconds} frame`);
const ffmpegPacket100 = run(`peers.ts ffmpeg 100 ${seconds} packet`, null);
const ffmpegFrame200 = run(`peers.ts ffmpeg 200 ${seconds} frame`, null);
const relayFrame100 = run(`peers.ts node-media-server 100 ${seconds} frame`, `node-media-server 100 ${quickSeconds} frame`);
const relayPacket100 = run(`peers.ts node-media-server 100 ${seconds} packet`, null);
const relayFrame200 = run(`peers.ts node-media-server 200 ${seconds} frame`, null);

/** What one camera costs, for the 25 frames of a second; a run that got fewer frames shows the rate beside. */
const cameraCost = {
  group: 'ingest',
  field: 'cpuMsPerCameraSecond',
  over: 'framesPerCameraSecond',
  scale: 25,
  unit: 'CPU ms per camera-second',
  beside: ['framesPerCameraSecond', 'residentMbPerCamera', 'streaming'],
} as const;
const againstPeer = { ...cameraCost, unit: '×', atMost: 0.25, beside: [] } as const;

const camera = 'ingest and LL-HLS, 1080p25 4 Mbps';

const ingest: readonly Measurement[] = [
  { ...cameraCost, name: `${camera}, 100 cameras, whole frames`, run: oursFrame100, atMost: 1.2 },
  { ...cameraCost, name: 'one ffmpeg per camera, HLS, 100, whole frames', run: ffmpegFrame100 },
  { ...cameraCost, name: 'node-media-server relay, no HLS, 100, whole frames', run: relayFrame100 },
  { ...againstPeer, name: 'ours against ffmpeg, 100, whole frames', run: oursFrame100, versus: ffmpegFrame100 },
  { ...againstPeer, name: 'ours against node-media-server, 100, whole frames', run: oursFrame100, versus: relayFrame100 },
  { ...cameraCost, name: `${camera}, 100 cameras, single packets`, run: oursPacket100, atMost: 2.5 },
  { ...cameraCost, name: 'one ffmpeg per camera, HLS, 100, single packets', run: ffmpegPacket100 },
  { ...cameraCost, name: 'node-media-server relay, no HLS, 100, single packets', run: relayPacket100 },
  { ...againstPeer, name: 'ours against ffmpeg, 100, single packets', run: oursPacket100, versus: ffmpegPacket100 },
  { ...againstPeer, name: 'ours against node-media-server, 100, single packets', run: oursPacket100, versus: relayPacket100 },
  { ...cameraCost, name: `${camera}, 200 cameras, whole frames`, run: oursFrame200, atMost: 1.2 },
  { ...cameraCost, name: 'one ffmpeg per camera, HLS, 200, whole frames', run: ffmpegFrame200 },
  { ...cameraCost, name: 'node-media-server relay, no HLS, 200, whole frames', run: relayFrame200 },
  { ...againstPeer, name: 'ours against ffmpeg, 200, whole frames', run: oursFrame200, versus: ffmpegFrame200 },
  { ...againstPeer, name: 'ours against node-media-server, 200, whole frames', run: oursFrame200, versus: relayFrame200 },
  { ...cameraCost, name: `${camera}, 200 cameras, single packets`, run: oursPacket200, atMost: 2.5 },
  { ...cameraCost, name: `${camera}, 200 cameras, whole frames, in a worker thread`, run: workerFrame200 },
  { ...cameraCost, name: `${camera}, 400 cameras, whole frames`, run: oursFrame400 },
  { ...againstPeer, name: 'growth: cost per camera of 400 against 100', run: oursFrame400, versus: oursFrame100, atMost: 1 },
  {
    group: 'ingest',
    name: 'memory per camera against what the playlist obliges to keep, 100 cameras',
    run: oursFrame100,
    field: 'residentMbPerCamera',
    over: 'obligedMbPerCamera',
    unit: '×',
    atMost: 1.3,
    beside: ['residentMbPerCamera', 'obligedMbPerCamera'],
  },
];

const httpDelivery = run('http-delivery.ts 3', '2');
const snapshots = run('snapshots.ts 60', '20');
const pictureCost = { group: 'delivery', run: snapshots, unit: 'CPU ms per picture' } as const;

const delivery: readonly Measurement[] = [
  {
    group: 'delivery',
    name: 'media over HTTP, 100 KB parts',
    run: httpDelivery,
    field: 'requestsPerCpuSecond',
    unit: 'requests per CPU-second',
    atLeast: 35_000,
    beside: ['bareRequestsPerCpuSecond', 'playlistsPerCpuSecond'],
  },
  { ...pictureCost, name: 'JPEG of a 1080p H.264 key frame by long-lived decoders', field: 'cpuMsPerSnapshot' },
  { ...pictureCost, name: 'thumbnail of key frames of mixed sizes and codecs', field: 'cpuMsPerThumbnail' },
];

const webRtcViewers = run('webrtc-viewers.ts 100 15', '100 6');
const webSocketViewers = run('websocket-viewers.ts 100 15', '100 6');
const viewerCost = { group: 'viewers', field: 'percentOfCorePerViewer', unit: '% of a core per viewer', beside: ['viewers'] } as const;

const viewers: readonly Measurement[] = [
  { ...viewerCost, name: 'one 4 Mbps stream to 100 WebRTC viewers', run: webRtcViewers, atMost: 0.45 },
  { ...viewerCost, name: 'one 4 Mbps stream to 100 WebSocket viewers', run: webSocketViewers, atMost: 0.1 },
];

const firstPicture = (way: string): Run => run(`browser.ts first-picture ${way} 30`, `first-picture ${way} 8`);
const glassToGlass = (way: string): Run => run(`browser.ts glass-to-glass ${way} 30`, `glass-to-glass ${way} 10`);
const wall = run('browser.ts wall 600', null);
const delay = { group: 'browser', field: 'p95Ms', unit: 'ms p95', beside: ['p50Ms', 'longestMs', 'samples'] } as const;
const wallGrowth = { group: 'browser', run: wall, unit: '%' } as const;

const browser: readonly Measurement[] = [
  { ...delay, name: 'first picture after the click, WebRTC', run: firstPicture('webrtc'), atMost: 300 },
  { ...delay, name: 'first picture after the click, WebSocket', run: firstPicture('websocket'), atMost: 300 },
  { ...delay, name: 'first picture after the click, LL-HLS', run: firstPicture('hls'), atMost: 800 },
  { ...delay, name: 'glass to glass, WebRTC', run: glassToGlass('webrtc'), atMost: 200 },
  { ...delay, name: 'glass to glass, WebSocket', run: glassToGlass('websocket'), atMost: 500 },
  { ...delay, name: 'glass to glass, LL-HLS', run: glassToGlass('hls'), atMost: 1500 },
  // The heap has 6.4 MB. Snapshots 200 s apart differ by code that V8 compiled (0.1 MB) and glyphs that Blink cached, and by nothing of ours; one
  // object of 100 bytes per tile and second would be 15 %.
  {
    ...wallGrowth,
    name: '16 tiles for 10 minutes, growth of the heap',
    field: 'heapGrowthPercent',
    atMost: 3,
    beside: ['heapMb', 'movingTiles', 'steadyTiles'],
  },
  { ...wallGrowth, name: '16 tiles for 10 minutes, growth of DOM nodes', field: 'nodeGrowthPercent', atMost: 1, beside: ['nodes'] },
  { ...wallGrowth, name: '16 tiles for 10 minutes, growth of sockets', field: 'socketGrowth', unit: 'sockets', atMost: 0.5, beside: ['sockets'] },
];

const impairedUdp: Run = { ...run('impairments.ts udp 10', 'udp 1'), isPatient: true };
const impairedTcp: Run = { ...run('impairments.ts tcp 10', 'tcp 1'), isPatient: true };
const falseChanges = { group: 'impairments', field: 'falseStateChanges', unit: 'false state changes', atMost: 0 } as const;
const stall = { group: 'impairments', field: 'longestStallMs', unit: 'ms longest stall', atMost: 1000, beside: ['framesLostPercent'] } as const;

const impairments: readonly Measurement[] = [
  { ...falseChanges, name: 'UDP with 2 % loss and 20 ms jitter, state', run: impairedUdp },
  { ...stall, name: 'UDP with 2 % loss and 20 ms jitter, picture', run: impairedUdp },
  { ...falseChanges, name: 'TCP with 0.5 % loss and 20 ms, state', run: impairedTcp },
  { ...stall, name: 'TCP with 0.5 % loss and 20 ms, picture', run: impairedTcp },
];

/** Every row. */
export const measurements: readonly Measurement[] = [...ingest, ...delivery, ...viewers, ...browser, ...impairments];
