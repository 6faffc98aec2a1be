/**
 * What a WebRTC viewer costs: percent of a core of the sending process per viewer of one 4 Mbps stream.
 *
 *     node test/bench/webrtc-viewers.ts [viewers=20] [seconds=10]
 *
 * A process of its own holds the viewers (libdatachannel, receive only); this process has the engine and a hub with frames
 * of the right sizes at 25 per second. What the hub costs alone is taken off. Prints one line of JSON.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import nodeDataChannel from 'node-datachannel';
import pino from 'pino';
import { systemClock } from '../../media/clock/clock.ts';
import { createNodeDatachannelEngine } from '../../media/webrtc/node-datachannel-engine.ts';
import { cpuPercent } from './cpu-percent.ts';
import { framesPerSecond, SyntheticHub } from './synthetic-hub.ts';

type ViewerMessage = { readonly offer: string; readonly viewer: number } | { readonly receivedBytes: number };
type BenchMessage = { readonly viewers: number } | { readonly answer: string; readonly viewer: number } | 'count';

/** The other process: offers, and counts what arrives. */
function receive(): void {
  const connections: InstanceType<typeof nodeDataChannel.PeerConnection>[] = [];
  /** A track that is collected closes itself. */
  const tracks: object[] = [];
  let receivedBytes = 0;
  const tell = (message: ViewerMessage): void => void process.send?.(message);
  process.on('message', (message: BenchMessage) => {
    if (message === 'count') tell({ receivedBytes });
    else if ('answer' in message) connections[message.viewer]?.setRemoteDescription(message.answer, 'answer');
    else {
      for (let viewer = 0; viewer < message.viewers; viewer++) {
        const connection = new nodeDataChannel.PeerConnection(`viewer-${viewer}`, { iceServers: [] });
        const video = new nodeDataChannel.Video('0', 'RecvOnly');
        video.addVideoCodec(102, 'H264', 'packetization-mode=1;profile-level-id=640028');
        const track = connection.addTrack(video);
        tracks.push(track);
        track.setMediaHandler(new nodeDataChannel.RtcpReceivingSession());
        track.onMessage((packet) => (receivedBytes += packet.length));
        connection.onGatheringStateChange((state) => {
          if (state === 'complete') tell({ offer: connection.localDescription()?.sdp ?? '', viewer });
        });
        connections[viewer] = connection;
        connection.setLocalDescription('offer');
      }
    }
  });
}

async function measure(viewers: number, seconds: number): Promise<void> {
  const engine = await createNodeDatachannelEngine({
    portNumber: 0,
    iceAddresses: [],
    maxViewers: viewers,
    clock: systemClock,
    log: pino({ level: 'silent' }),
  });
  const hub = new SyntheticHub();
  setInterval(() => hub.next(), 1000 / framesPerSecond);
  const other = fork(fileURLToPath(import.meta.url), ['receive']);
  const ask = (message: BenchMessage): boolean => other.send(message);
  const counts: number[] = [];
  other.on('message', (message: ViewerMessage) => {
    if ('receivedBytes' in message) counts.push(message.receivedBytes);
    else {
      void engine.answerOffer({ offerSdp: message.offer, hub, onClosed: () => {} }).then((outcome) => {
        if (!outcome.ok) throw new Error(outcome.detail);
        ask({ answer: outcome.session.answerSdp, viewer: message.viewer });
      });
    }
  });
  await sleep(1000);
  const alone = await cpuPercent(3);
  ask({ viewers });
  await sleep(4000);
  ask('count');
  const together = await cpuPercent(seconds);
  ask('count');
  await sleep(500);
  const receivedBps = (((counts[1] ?? 0) - (counts[0] ?? 0)) * 8) / seconds / viewers;
  const perViewer = (together - alone) / viewers;
  console.log(
    JSON.stringify({
      viewers: engine.viewerCount,
      percentOfCorePerViewer: Number(perViewer.toFixed(3)),
      receivedBpsPerViewer: Math.round(receivedBps),
    }),
  );
  other.kill();
  process.exit(0);
}

const [first, second] = process.argv.slice(2);
if (first === 'receive') receive();
else await measure(Number(first ?? 20), Number(second ?? 10));
