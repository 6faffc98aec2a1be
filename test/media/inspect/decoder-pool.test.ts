import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import { DecoderPool } from '../../../media/inspect/decoder-pool.ts';
import { DecoderMissing } from '../../../media/inspect/key-frame-decoder.ts';
import { copyNewestKeyFrame, type KeyFrame } from '../../../media/inspect/key-frame.ts';
import { jpegFormat, type PictureFormat } from '../../../media/inspect/picture-format.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { isAlive } from '../../support/process-tree.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const pools: DecoderPool[] = [];

function createPool(program = 'ffmpeg', clock = systemClock): DecoderPool {
  const pool = new DecoderPool({ program, clock });
  pools.push(pool);
  return pool;
}

function keyFrameOf(codec: KeyFrame['codec'], role: 'main' | 'sub' = 'sub', hasReordering = false): KeyFrame {
  const hub = new ClipHub({ codec, role, hasReordering });
  hub.advance(1);
  const keyFrame = copyNewestKeyFrame(hub);
  if (keyFrame === null) throw new Error('the clip begins with a key frame');
  return keyFrame;
}

/** Size of a JPEG by its frame header (ITU-T T.81 §B.2.2). */
function sizeOf(jpeg: Buffer | null): string {
  if (jpeg === null) return 'none';
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  return `${jpeg.readUInt16BE(at + 7)}x${jpeg.readUInt16BE(at + 5)}`;
}

const small: PictureFormat = { kind: 'jpeg', width: 320, height: 180 };
const grey: PictureFormat = { kind: 'grey', width: 64, height: 36 };

describe('DecoderPool', { timeout: 120_000 }, () => {
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  it.each(['h264', 'h265'] as const)('makes pictures of many sizes from %s key frames in one process', async (codec) => {
    const pool = createPool();
    const sizes: string[] = [];
    for (const role of ['main', 'sub', 'main', 'sub'] as const) sizes.push(sizeOf(await pool.decode(keyFrameOf(codec, role), small)));
    expect(sizes).toEqual(Array.from({ length: 4 }, () => '320x180'));
    expect(pool.processIds).toHaveLength(1);
    expect(sizeOf(await pool.decode(keyFrameOf(codec), jpegFormat({ width: 640, height: 360 }, null)))).toBe('640x360');
  });

  it.each(['h264', 'h265'] as const)('does not wait for another %s picture when the stream reorders', async (codec) => {
    const pool = createPool();
    const straight = await pool.decode(keyFrameOf(codec), grey);
    expect(straight).toHaveLength(64 * 36);
    // Twice, for what pushed the first one out must not be taken for the second.
    expect(await pool.decode(keyFrameOf(codec, 'sub', true), grey)).toEqual(straight);
    expect(await pool.decode(keyFrameOf(codec, 'sub', true), grey)).toEqual(straight);
    expect(pool.processIds).toHaveLength(1);
  });

  it('never gives one camera the picture of another, whatever damaged frames lie between', async () => {
    const pool = createPool();
    const [main, sub] = [keyFrameOf('h264', 'main'), keyFrameOf('h264')];
    const expected = [await pool.decode(main, grey), await pool.decode(sub, grey)];
    expect(expected[0]).not.toEqual(expected[1]);
    const junk = { ...main, bytes: Buffer.alloc(5000, 7) };
    const pictures = await Promise.all([junk, main, junk, sub].map((keyFrame) => pool.decode(keyFrame, grey)));
    expect(pictures).toEqual([null, expected[0], null, expected[1]]);
  });

  it('goes on in another process when one was killed', async () => {
    const pool = createPool();
    await pool.decode(keyFrameOf('h264'), grey);
    const [pid] = pool.processIds;
    if (pid === undefined) throw new Error('no process runs');
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await pool.decode(keyFrameOf('h264'), grey)).toHaveLength(64 * 36), { timeout: 20_000 });
    expect(pool.processIds).not.toContain(pid);
  });

  it('kills a process that hangs, and asks another', async () => {
    const clock = new FakeClock();
    const program = join(await temporaryFolder(), 'hanging-ffmpeg');
    writeFileSync(program, '#!/bin/sh\nexec sleep 1000\n');
    chmodSync(program, 0o755);
    const pool = createPool(program, clock);
    const picture = pool.decode(keyFrameOf('h264'), grey);
    await vi.waitFor(() => expect(pool.processIds).toHaveLength(1));
    const [pid = 0] = pool.processIds;
    clock.advance(6_000);
    expect(await picture).toBeNull();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
    expect(pool.processIds).toEqual([]);
  });

  it('ends processes nobody needs for a minute, and keeps no more than six', async () => {
    const clock = new FakeClock();
    const pool = createPool('ffmpeg', clock);
    const pids = new Set<number>();
    for (let width = 16; width < 16 + 2 * 7; width += 2) {
      await pool.decode(keyFrameOf('h264'), { kind: 'grey', width, height: 16 });
      for (const pid of pool.processIds) pids.add(pid);
    }
    expect(pids.size).toBe(7);
    expect(pool.processIds).toHaveLength(6);
    clock.advance(60_000);
    expect(pool.processIds).toEqual([]);
    await vi.waitFor(() => expect([...pids].filter(isAlive)).toEqual([]), { timeout: 20_000 });
  });

  it('leaves nothing behind when it is closed, and makes nothing afterwards', async () => {
    const pool = createPool();
    await pool.decode(keyFrameOf('h264'), grey);
    const pids = pool.processIds;
    await pool.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await pool.decode(keyFrameOf('h264'), grey)).toBeNull();
  });

  it('names the program that is missing', async () => {
    const pool = createPool('no-such-ffmpeg');
    await expect(pool.decode(keyFrameOf('h264'), grey)).rejects.toThrow(/no-such-ffmpeg/);
    await expect(pool.decode(keyFrameOf('h264'), grey)).rejects.toThrow(DecoderMissing);
  });
});
