// @ts-check
/** `npm start`: installs and builds what is missing, then runs the server and keeps it running. */
import { launch } from './exit-sentence.mjs';
import { checkNode, ensureBuilt, ensureInstalled } from './install.mjs';
import { runSupervised } from './run-supervised.mjs';

/** @param {string} line */
const log = (line) => void process.stderr.write(`${line}\n`);

await launch(async () => {
  checkNode();
  await ensureInstalled({ log });
  await ensureBuilt({ log });
  return runSupervised({ name: 'server', module: 'server/main.ts', log });
});
