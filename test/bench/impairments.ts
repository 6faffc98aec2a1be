/**
 * What a bad line does to a stream: false state changes, the longest time without a frame at a sink of the hub, frames lost.
 *
 *     node test/bench/impairments.ts [udp|tcp] [minutes=10]
 *
 * udp: 2 % of the packets lost, up to 20 ms of jitter; the simulator does it (test/simulator/impaired-network.ts). tcp: 0.5 % of the segments
 * lost, 20 ms one way; `lossy-line.ts` does it. Both in user space, not in the kernel's `netem`, so that it runs on any machine.
 * Prints one line of JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../media/clock/clock.ts';
import { ConnectScheduler } from '../../media/stream/connect-scheduler.ts';
import { createManagedStream } from '../../media/stream/managed-stream.ts';
import type { SimulatorConfigInput } from '../simulator/camera-config.ts';
import { startSimulator } from '../demo/simulator-process.ts';
import { openLossyLine } from './lossy-line.ts';

const FRAMES_PER_SECOND = 15;

async function measure(transport: 'udp' | 'tcp', minutes: number): Promise<void> {
  const network = transport === 'udp' ? { lossRate: 0.02, jitterMs: 20, seed: 1 } : {};
  const config: SimulatorConfigInput = { cameras: [{ clip: 'test-card', transports: [transport], network }] };
  const simulator = await startSimulator(config, { log: 2 });
  const line = transport === 'tcp' ? await openLossyLine(simulator.rtspPort, { delayMs: 20, lossRate: 0.005, seed: 1 }) : null;
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });

  const quiet = (): void => undefined;
  const falseChanges: string[] = [];
  let hasStarted = false;
  let [frames, firstTicks, lastTicks, lastFrameMs, longestStallMs] = [0, 0, 0, 0, 0];
  const stream = createManagedStream({
    desired: {
      cameraId: 'bench',
      role: 'main',
      deviceId: null,
      url: `rtsp://127.0.0.1:${line?.port ?? simulator.rtspPort}/1/main`,
      credentials: null,
      transport,
      mode: 'always',
      recording: null,
    },
    connectScheduler: new ConnectScheduler(),
    clock: systemClock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    onChange: () => {
      const { phase, reason } = stream.observe();
      if (hasStarted) falseChanges.push(`${phase} ${reason}`);
      hasStarted ||= phase === 'streaming';
    },
  });
  const onFrame = (frame: { readonly kind: string; readonly decodeTicks: number }): void => {
    if (frame.kind !== 'video') return;
    const nowMs = performance.now();
    if (frames === 0) firstTicks = frame.decodeTicks;
    else longestStallMs = Math.max(longestStallMs, nowMs - lastFrameMs);
    frames += 1;
    lastFrameMs = nowMs;
    lastTicks = frame.decodeTicks;
  };
  stream.hub.addSink({ onTracks: quiet, onFrame, onInterrupted: quiet }, 'next-key-frame');
  loopDelay.enable();
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
  longestStallMs = Math.max(longestStallMs, performance.now() - lastFrameMs);
  const expected = Math.round(((lastTicks - firstTicks) / 90_000) * FRAMES_PER_SECOND) + 1;
  const report = {
    transport,
    minutes,
    // A stream that never came is no stream without false changes.
    falseStateChanges: hasStarted ? falseChanges.length : null,
    falseChanges: falseChanges.slice(0, 10),
    longestStallMs: Math.round(longestStallMs),
    framesLostPercent: Math.round((1 - frames / expected) * 10_000) / 100,
    frames,
    lostPackets: stream.observe().lostPackets,
    longestLoopDelayMs: Math.round(loopDelay.max / 1e6),
  };
  console.log(JSON.stringify(report));
  await stream.stop();
  line?.close();
  await simulator.stop();
}

const [transport = 'udp', minutes = '10'] = process.argv.slice(2);
if (transport !== 'udp' && transport !== 'tcp') throw new Error('udp or tcp');
await measure(transport, Number(minutes));
