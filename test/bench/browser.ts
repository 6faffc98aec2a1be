/**
 * What somebody in front of Chromium waits for, and what a wall costs him over time: the built pages against the whole platform.
 *
 *     node test/bench/browser.ts first-picture webrtc|websocket|hls [clicks=30]
 *     node test/bench/browser.ts glass-to-glass webrtc|websocket|hls [seconds=30]
 *     node test/bench/browser.ts wall [seconds=600]
 *
 * Chromium runs headless and decodes in software: one tile of 1280×720 at 15 frames a second, sixteen of 640×360. Prints one line of JSON.
 */
import { measureFirstPicture } from './browser/first-picture.ts';
import { measureGlassToGlass } from './browser/glass-to-glass.ts';
import { ways, type Way } from './browser/operator.ts';
import { measureWall } from './browser/wall.ts';

const [what = '', ...args] = process.argv.slice(2);

if (what === 'wall') {
  console.log(JSON.stringify(await measureWall(Number(args[0] ?? 600))));
} else {
  const [wayText = 'webrtc', amountText] = args;
  const way = ways.find((known) => known === wayText);
  if (way === undefined) throw new Error(`unknown way ${wayText}; there are ${ways.join(', ')}`);
  console.log(JSON.stringify(await measureDelays(what, way, Number(amountText ?? 30))));
}

async function measureDelays(measure: string, way: Way, amount: number): Promise<object> {
  const { delaysMs, width } = measure === 'first-picture' ? await measureFirstPicture(way, amount) : await measureGlassToGlass(way, amount);
  const sorted = delaysMs.toSorted((a, b) => a - b);
  const quantile = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? null : Math.round(value);
  };
  return { way, samples: sorted.length, width, p50Ms: quantile(0.5), p95Ms: quantile(0.95), longestMs: quantile(1) };
}
