/**
 * The simulator as a process of its own.
 *
 *     node test/simulator/main.ts --config simulator.json     or the JSON itself in YILAN_SIMULATOR_CONFIG
 *
 * Prints one line of JSON, `{rtspPort, httpPort, pid}`, when it is ready. Ends on SIGINT and SIGTERM, and when the
 * process that started it goes away (its IPC channel, or the pipe that is its standard input).
 */
import { fstatSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { SimulatorConfigInput } from './camera-config.ts';
import { createSimulator } from './simulator.ts';

const { values } = parseArgs({ options: { config: { type: 'string' } } });
const configText = values.config === undefined ? process.env['YILAN_SIMULATOR_CONFIG'] : readFileSync(values.config, 'utf8');
if (configText === undefined) {
  console.error('Give a configuration: --config file.json, or JSON in YILAN_SIMULATOR_CONFIG.');
  process.exit(2);
}

// Checked by createSimulator, which takes anything and names what is wrong with it.
const simulator = await createSimulator(JSON.parse(configText) as SimulatorConfigInput);

let isEnding = false;
const end = (): void => {
  if (isEnding) return;
  isEnding = true;
  void simulator.close().then(() => process.exit(0));
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
if (process.send !== undefined) process.on('disconnect', end);
const stdin = fstatSync(0);
if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on('end', end).on('error', end).resume();

const { rtspPort, httpPort } = simulator;
console.log(JSON.stringify({ rtspPort, httpPort, pid: process.pid }));
