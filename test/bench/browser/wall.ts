/** A wall of sixteen tiles over time: does what it holds grow? Heap, nodes and sockets are sampled and their trend is judged. */
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { countMovingPictures } from '../../support/demo-pages.ts';
import { listDescendants } from '../../support/process-tree.ts';
import { openOperator, openWall, waitForLive } from './operator.ts';
import { startPlatform } from './platform.ts';
import { trendPerSecond, type Sample } from './trend.ts';

const tiles = 16;
/** Connections, buffers and caches fill up in the first minute; what comes after must stay. */
const settleSeconds = 60;

export interface WallReport {
  readonly tiles: number;
  readonly seconds: number;
  readonly samples: number;
  /** Tiles that moved at the end. */
  readonly movingTiles: number;
  /** Tiles that still came by WebRTC then: others had trouble in between, and growth may come from that. */
  readonly steadyTiles: number;
  readonly heapMb: number;
  /** Growth over the time after the first minute, by the trend of all samples: percent of what there was. */
  readonly heapGrowthPercent: number;
  readonly nodes: number;
  readonly nodeGrowthPercent: number;
  readonly listenerGrowthPercent: number;
  readonly sockets: number;
  /** Sockets that came to stay. */
  readonly socketGrowth: number;
  readonly series: readonly WallSample[];
}

/** Shows the wall for so many seconds after its first minute. */
export async function measureWall(seconds: number, everySeconds = 10): Promise<WallReport> {
  const platform = await startPlatform(tiles);
  const operator = await openOperator(platform, 'webrtc');
  try {
    const { page } = operator;
    await openWall(page, platform, tiles, platform.cameras);
    await waitForLive(page, 'webrtc', tiles);
    const inspector = await page.context().newCDPSession(page);
    await inspector.send('Performance.enable');
    await sleep(settleSeconds * 1000);
    const samples: WallSample[] = [];
    const startedMs = performance.now();
    while (performance.now() - startedMs < seconds * 1000) {
      samples.push(await takeSample(inspector, (performance.now() - startedMs) / 1000));
      await sleep(everySeconds * 1000);
    }
    const [first] = samples;
    if (first === undefined) throw new Error('the time is too short for a sample');
    const growth = (valueOf: (sample: WallSample) => number): number =>
      trendPerSecond(samples.map((sample): Sample => ({ atSeconds: sample.atSeconds, value: valueOf(sample) }))) * seconds;
    const percent = (part: number, whole: number): number => Math.round((part / whole) * 10_000) / 100;
    return {
      tiles,
      seconds,
      samples: samples.length,
      movingTiles: await countMovingPictures(page),
      steadyTiles: await page.locator('[data-live="true"][data-transport="webrtc"]').count(),
      heapMb: Math.round(first.heapBytes / 1e4) / 100,
      heapGrowthPercent: percent(
        growth((sample) => sample.heapBytes),
        first.heapBytes,
      ),
      nodes: first.nodes,
      nodeGrowthPercent: percent(
        growth((sample) => sample.nodes),
        first.nodes,
      ),
      listenerGrowthPercent: percent(
        growth((sample) => sample.listeners),
        first.listeners,
      ),
      sockets: first.sockets,
      socketGrowth: Math.round(growth((sample) => sample.sockets) * 100) / 100,
      series: samples,
    };
  } finally {
    await operator.close();
    await platform.close();
  }
}

interface WallSample {
  readonly atSeconds: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly sockets: number;
}

/** What is left after a collection: garbage that waits for one is no growth. */
async function takeSample(inspector: CDPSession, atSeconds: number): Promise<WallSample> {
  await inspector.send('HeapProfiler.collectGarbage');
  const { metrics } = await inspector.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((candidate) => candidate.name === name)?.value ?? Number.NaN;
  return {
    atSeconds: Math.round(atSeconds),
    heapBytes: metric('JSHeapUsedSize'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    sockets: countBrowserSockets(),
  };
}

/** Open sockets of all processes of the browser: one of them has the connections to the node, others have those among themselves. */
function countBrowserSockets(): number {
  const browser = listDescendants(process.pid).filter(({ command }) => /chromium/.test(command));
  return browser.reduce((sum, { pid }) => sum + countSockets(pid), 0);
}

function countSockets(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).filter((descriptor) => isSocket(`/proc/${pid}/fd/${descriptor}`)).length;
  } catch {
    // The process ended meanwhile.
    return 0;
  }
}

function isSocket(descriptor: string): boolean {
  try {
    return readlinkSync(descriptor).startsWith('socket:');
  } catch {
    return false;
  }
}
