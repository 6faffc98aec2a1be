/**
 * Feeds every reader of foreign bytes with hostile inputs for a while, in turns.
 *
 *     npm run fuzz -- --minutes 10                     every target
 *     npm run fuzz -- --minutes 1 --target rtp --seed 5
 *
 * The same seed makes the same inputs in the same order. An input that fails is kept in `corpus/<target>/found-…`, where the
 * unit tests run it from then on. Ends with 1 if there was one.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import { seededRandom } from '../simulator/impaired-network.ts';
import { boundRuns } from './bounded-run.ts';
import type { BoundedRun } from './bounded-run.ts';
import { loadCorpus, saveFound } from './corpus.ts';
import { mutate } from './mutate.ts';
import { fuzzTargets } from './targets.ts';

/** Inputs per turn of a target: long enough that the turns cost nothing. */
const INPUTS_PER_TURN = 200;
/** Failures told per target; more of them are the same one. */
const MAX_FAILURES = 5;

interface Lane {
  readonly name: string;
  readonly corpus: readonly Buffer[];
  readonly random: () => number;
  readonly run: BoundedRun;
  inputs: number;
  failures: number;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, target: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const chosen = fuzzTargets.filter(({ name }) => values.target === undefined || name === values.target);
if (!(minutes > 0) || !Number.isInteger(seed) || chosen.length === 0) {
  console.error(`--minutes N, --seed N, --target ${fuzzTargets.map(({ name }) => name).join(' | ')}`);
  process.exit(2);
}
console.log(`seed ${seed}`);

const lanes: Lane[] = chosen.map((target) => ({
  name: target.name,
  corpus: loadCorpus(target.name).map(({ bytes }) => bytes),
  random: seededRandom(seed),
  run: boundRuns(target),
  inputs: 0,
  failures: 0,
}));
const endsAtMs = performance.now() + minutes * 60_000;
while (performance.now() < endsAtMs && lanes.some(({ failures }) => failures < MAX_FAILURES)) {
  for (const lane of lanes) takeTurn(lane);
}
for (const { name, inputs, failures } of lanes) console.log(`${name}: ${inputs} inputs, ${failures} failed`);
process.exit(lanes.some(({ failures }) => failures > 0) ? 1 : 0);

function takeTurn(lane: Lane): void {
  for (let turn = 0; turn < INPUTS_PER_TURN && lane.failures < MAX_FAILURES; turn += 1) {
    const input = mutate(lane.corpus, lane.random);
    lane.inputs += 1;
    // A copy: a reader that writes into what it was given must not spoil what is kept.
    const failure = lane.run(Buffer.from(input));
    if (failure === null) continue;
    lane.failures += 1;
    console.error(`${lane.name}: ${saveFound(lane.name, input)}\n${failure}\n`);
  }
}
