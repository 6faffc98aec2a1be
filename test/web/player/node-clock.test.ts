import { describe, expect, it } from 'vitest';
import { estimateOffset, NodeClocks, nodeBaseUrlOf } from '../../../web/player/node-clock.ts';

describe('estimateOffset', () => {
  it('knows nothing without samples', () => {
    expect(estimateOffset([])).toBeNull();
  });

  it('trusts the sample with the shortest round trip', () => {
    const slow = { sentAtMs: 0, receivedAtMs: 400, nodeNowMs: 5390 };
    const quick = { sentAtMs: 1000, receivedAtMs: 1010, nodeNowMs: 6005 };
    expect(estimateOffset([slow, quick])).toBe(5000);
  });
});

describe('NodeClocks', () => {
  it('asks a node once at first and answers from then on by its own clock', async () => {
    let nowMs = 1000;
    let asked = 0;
    const clocks = new NodeClocks({
      nowMs: () => nowMs,
      fetch: () => {
        asked += 1;
        return Promise.resolve(new Response(JSON.stringify({ nowMs: 9000 })));
      },
    });
    expect(clocks.nowMs('http://node')).toBeNull();
    expect(clocks.nowMs('http://node')).toBeNull();
    await new Promise(setImmediate);
    nowMs = 1500;
    expect(clocks.nowMs('http://node')).toBe(9500);
    expect(asked).toBe(1);
  });

  it('keeps the last offset while a node is out of reach, and asks again after five seconds', async () => {
    let nowMs = 0;
    let answers = [
      () => Promise.resolve(new Response('{"nowMs":100}')),
      () => Promise.reject(new Error('down')),
      () => Promise.resolve(new Response('{"nowMs":200000}')),
    ];
    const clocks = new NodeClocks({ nowMs: () => nowMs, fetch: () => (answers.shift() ?? (() => Promise.reject(new Error('too often'))))() });
    clocks.nowMs('n');
    await new Promise(setImmediate);
    nowMs = 61_000;
    clocks.nowMs('n');
    await new Promise(setImmediate);
    expect(clocks.nowMs('n')).toBe(61_100);
    nowMs = 67_000;
    clocks.nowMs('n');
    await new Promise(setImmediate);
    expect(answers).toEqual([]);
  });
});

it('finds the node of a media URL, also below a path', () => {
  expect(nodeBaseUrlOf('http://h:8090/live/c/main/index.m3u8?ticket=x')).toBe('http://h:8090');
  expect(nodeBaseUrlOf('https://h/video/playback/c/index.m3u8')).toBe('https://h/video');
});
