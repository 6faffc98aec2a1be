import { describe, expect, it } from 'vitest';

import { seededRandom } from '../simulator/impaired-network.ts';
import { boundRuns } from './bounded-run.ts';
import { loadCorpus } from './corpus.ts';
import { mutate } from './mutate.ts';
import { fuzzTargets } from './targets.ts';
import { genuineTicket } from './targets/ticket.ts';

describe.each(fuzzTargets)('$name', (target) => {
  const corpus = loadCorpus(target.name);

  it('reads its corpus, what once failed included', () => {
    expect(corpus.length).toBeGreaterThan(0);
    const run = boundRuns(target);
    for (const { name, bytes } of corpus) expect(run(Buffer.from(bytes)), name).toBeNull();
  });

  it('reads a few hundred hostile inputs', () => {
    const [run, random] = [boundRuns(target), seededRandom(1)];
    const inputs = corpus.map(({ bytes }) => bytes);
    for (let count = 0; count < 300; count += 1) expect(run(mutate(inputs, random)), `input ${count} of seed 1`).toBeNull();
  });
});

it('knows the genuine ticket', () => {
  expect(loadCorpus('ticket').map(({ bytes }) => bytes.toString())).toContain(genuineTicket());
});

describe('mutate', () => {
  it('makes the same inputs of the same seed, and mostly other ones than it was given', () => {
    const corpus = [Buffer.from('RTSP/1.0 200 OK'), Buffer.alloc(40, 7)];
    const make = (seed: number): string[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 200 }, () => mutate(corpus, random).toString('hex'));
    };
    expect(make(3)).toEqual(make(3));
    expect(make(3)).not.toEqual(make(4));
    expect(new Set(make(3)).size).toBeGreaterThan(150);
  });
});

describe('boundRuns', () => {
  it('tells what was thrown, and ends what does not end', () => {
    const run = boundRuns({
      name: 'x',
      run: (input) => {
        if (input.length === 1) throw new RangeError('out of bounds');
        while (input.length === 2);
      },
    });
    expect(run(Buffer.alloc(0))).toBeNull();
    expect(run(Buffer.alloc(1))).toMatch(/RangeError: out of bounds/);
    expect(run(Buffer.alloc(2))).toMatch(/timed out/);
  });
});
