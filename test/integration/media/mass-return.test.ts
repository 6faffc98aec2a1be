/** 500 cameras behind one line that breaks and comes back, pulled by a real node process. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONNECT_BUDGET } from '../../../media/stream/connect-scheduler.ts';
import { CameraFarm } from '../../support/camera-farm.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';

const cameras = 500;
/** Devices of 20, 5 and 1 channels. */
const sizes = [...Array.from({ length: 20 }, () => 20), ...Array.from({ length: 15 }, () => 5), ...Array.from({ length: 25 }, () => 1)];
/** The longest wait between attempts is 37.5 s; then 20 channels of a device take turns of two. */
const allBackWithinMs = 75_000;

describe('500 cameras that come back together', () => {
  let farm: CameraFarm;
  let server: LinkServer;
  let node: NodeProcess;

  function streaming(): number {
    return server.observed.at(-1)?.streams.filter(({ phase }) => phase === 'streaming').length ?? 0;
  }

  beforeAll(async () => {
    farm = new CameraFarm();
    const port = await farm.listen();
    const names = sizes.flatMap((size, device) => Array.from({ length: size }, (_, channel) => [`device-${device}`, channel] as const));
    expect(names).toHaveLength(cameras);
    server = new LinkServer();
    await server.start();
    server.desired = {
      generation: 1,
      ticketKeys: [],
      streams: names.map(([deviceId, channel]) =>
        desiredStream(`${deviceId}-${channel}`, { deviceId, url: `rtsp://127.0.0.1:${port}/${deviceId}/${channel}` }),
      ),
    };
    node = new NodeProcess({ serverUrl: server.url });
  });

  afterAll(async () => {
    await node.remove();
    await server.stop();
    await farm.close();
  });

  it('connect at first within the budgets, and say while they wait that they wait for their turn', async () => {
    await vi.waitFor(() => expect(streaming()).toBe(cameras), { timeout: 90_000, interval: 50 });
    const reasons = server.observed.flatMap(({ streams }) => streams.map(({ phase, reason }) => `${phase} ${reason}`));
    expect(reasons).toContain('connecting waiting-for-budget');
    expect([farm.mostOfDevice, farm.mostTogether]).toEqual([DEFAULT_CONNECT_BUDGET.perDevice, expect.any(Number)]);
    expect(farm.mostTogether).toBeLessThanOrEqual(DEFAULT_CONNECT_BUDGET.perNode);
  });

  it('are all back in time when the line is, within the budgets, while the node answers as ever', async () => {
    farm.isRefusing = true;
    farm.dropAll();
    await vi.waitFor(() => expect(streaming()).toBe(0), { timeout: 60_000, interval: 100 });
    // Long enough for every camera to have failed several times.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    farm.resetCounts();
    farm.isRefusing = false;
    const startedMs = performance.now();

    const answersMs: number[] = [];
    const over = new AbortController();
    const asking = (async () => {
      while (!over.signal.aborted) {
        const askedMs = performance.now();
        await (await fetch(`http://127.0.0.1:${server.hellos[0]?.mediaPort}/healthz`)).text();
        answersMs.push(performance.now() - askedMs);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await vi.waitFor(() => expect(streaming()).toBe(cameras), { timeout: 2 * allBackWithinMs, interval: 100 });
    const tookMs = performance.now() - startedMs;
    over.abort();
    await asking;
    answersMs.sort((a, b) => a - b);
    const p99 = answersMs[Math.floor(answersMs.length * 0.99)] ?? 0;
    console.log(
      JSON.stringify({
        allBackAfterSeconds: Math.round(tookMs / 100) / 10,
        mostTogether: farm.mostTogether,
        mostOfDevice: farm.mostOfDevice,
        healthAnswers: answersMs.length,
        p99Ms: Math.round(p99),
        longestMs: Math.round(answersMs.at(-1) ?? 0),
      }),
    );
    expect(tookMs).toBeLessThan(allBackWithinMs);
    expect(farm.mostOfDevice).toBe(DEFAULT_CONNECT_BUDGET.perDevice);
    expect(farm.mostTogether).toBeLessThanOrEqual(DEFAULT_CONNECT_BUDGET.perNode);
    expect(farm.askedDevices.size).toBe(sizes.length);
    expect(p99).toBeLessThan(1000);
  });
});
