// @ts-check
/** `npm run demo`: installs and builds what is missing, then runs the demo on the project's own Node. */
import { launch } from '../../server/launch/exit-sentence.mjs';
import { checkNode, ensureBuilt, ensureInstalled } from '../../server/launch/install.mjs';
import { runSupervised } from '../../server/launch/run-supervised.mjs';

/** @param {string} line */
const log = (line) => void process.stdout.write(`${line}\n`);

await launch(async () => {
  checkNode();
  await ensureInstalled({ log });
  await ensureBuilt({ log });
  return runSupervised({ name: 'demo', module: 'test/demo/main.ts', log });
});
