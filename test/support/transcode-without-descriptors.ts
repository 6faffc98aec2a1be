/**
 * A program for one test: transcodes while the process has no free file descriptor, then with all of them free again. Prints as JSON
 * what was refused then, and that there are pictures afterwards. Run it with a small `ulimit -n`.
 */
import { closeSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../media/clock/clock.ts';
import { TranscodedStream } from '../../media/transcode/transcoded-stream.ts';
import { TranscoderLimit } from '../../media/transcode/transcoder-limit.ts';
import { ClipHub } from './clip-hub.ts';
import { silentLog } from './silent-log.ts';

const deadlineMs = 60_000;

async function until(isMet: () => boolean): Promise<void> {
  for (const startedMs = Date.now(); !isMet() && Date.now() - startedMs < deadlineMs;) await wait(10);
}

const limit = new TranscoderLimit({
  program: 'ffmpeg',
  maxTranscodes: 1,
  cores: 2,
  clock: systemClock,
  log: silentLog,
  find: async () => ({ ok: true, encoder: { name: 'libx264', isOnGpu: false } }),
});
const hub = new ClipHub({ codec: 'h265' });
hub.advance(10);
const source = { hub, acquire: () => () => {} };
const stream = new TranscodedStream({
  source,
  limit,
  program: 'ffmpeg',
  maxWidth: 320,
  lingerMs: 10,
  clock: systemClock,
  log: silentLog,
  names: {},
});
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  // None is left.
}
stream.acquire();
await until(() => stream.refusal !== null);
const refusal = stream.refusal?.code ?? null;
for (const descriptor of taken) closeSync(descriptor);
hub.play();
await until(() => stream.hub.tracks !== null && stream.refusal === null);
const outcome = { refusal, afterwards: stream.refusal, hasPicture: stream.hub.tracks?.video?.codec === 'h264' };
hub.stop();
await stream.close();
console.log(JSON.stringify(outcome));
