import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../../media/stream/frame.ts';
import { TranscoderProcess } from '../../../media/transcode/transcoder-process.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { isAlive } from '../../support/process-tree.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const waitLong = { timeout: 30_000 };

/** A program in place of ffmpeg, fed with the first frame of a clip. */
async function start(script: string) {
  const program = join(await temporaryFolder(), 'ffmpeg');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const clock = new FakeClock();
  const hub = new ClipHub({ codec: 'h265' });
  const frames: Frame[] = [];
  hub.addSink({ onTracks: () => {}, onFrame: (frame) => frames.push(frame), onInterrupted: () => {} }, 'cached-group');
  hub.advance(1);
  const { video } = hub.tracks;
  if (video === null) throw new Error('the clip has video');
  const ended: string[] = [];
  const transcoder = new TranscoderProcess(
    { program, encoder: { name: 'libx264', isOnGpu: false }, hasGpuDecoder: false, video, maxWidth: 320, opening: frames.splice(0), clock },
    { onConfiguration: () => {}, onPicture: () => {}, onEnded: (detail) => ended.push(detail) },
  );
  const feed = (count: number): void => {
    hub.advance(count);
    for (const frame of frames.splice(0)) transcoder.feed(frame);
  };
  return { clock, transcoder, ended, feed };
}

describe('TranscoderProcess', { timeout: 60_000 }, () => {
  it('kills one that takes frames and gives none for ten seconds', async () => {
    const { clock, transcoder, ended } = await start('exec sleep 1000');
    clock.advance(9_000);
    expect(ended).toEqual([]);
    clock.advance(3_000);
    expect(ended).toEqual(['it hung']);
    await vi.waitFor(() => expect(isAlive(transcoder.pid ?? -1)).toBe(false), waitLong);
    await transcoder.close();
    expect(clock.timerCount).toBe(0);
  });

  it('leaves frames out once one has waited for three seconds, and counts them', async () => {
    const { clock, transcoder, feed } = await start('exec sleep 1000');
    feed(5);
    expect(transcoder.droppedFrames).toBe(0);
    clock.advance(3_001);
    feed(5);
    expect(transcoder.droppedFrames).toBe(5);
    await transcoder.close();
  });

  it('tells why one ended, in its own words', async () => {
    const { ended, transcoder } = await start('echo "no such device" >&2; exit 7');
    await vi.waitFor(() => expect(ended).toEqual(['it ended with 7: no such device']), waitLong);
    await transcoder.close();
  });

  it('does not read what is no FLV', async () => {
    const { ended, transcoder } = await start('echo "this is some other program of that name"; exec sleep 1000');
    await vi.waitFor(() => expect(ended).toEqual(['it wrote something else than FLV']), waitLong);
    await vi.waitFor(() => expect(isAlive(transcoder.pid ?? -1)).toBe(false), waitLong);
    await transcoder.close();
  });

  it('says nothing any more once it is closed', async () => {
    const { ended, transcoder, clock } = await start('exec sleep 1000');
    await transcoder.close();
    clock.advance(60_000);
    expect([ended, isAlive(transcoder.pid ?? -1)]).toEqual([[], false]);
  });
});
