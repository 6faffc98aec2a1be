/** GStreamer's RTSP server as the camera: what it sends arrives whole and decodes without a complaint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGstreamerServer } from './ingest/gstreamer-server.ts';
import type { GstreamerServer } from './ingest/gstreamer-server.ts';
import { decode, tapeStream, until } from './ingest/stream-tape.ts';

const account = { username: 'admin', password: 'geheim' };
let server: GstreamerServer;

beforeAll(async () => {
  server = await startGstreamerServer();
});

afterAll(async () => {
  await server.close();
});

describe('pulls GStreamer', () => {
  it.each([
    ['/h264', 'h264', null, false],
    ['/h264-aac', 'h264', 'aac', false],
    ['/h265-pcma', 'h265', 'pcma', false],
    ['/b-frames', 'h264', null, true],
  ] as const)('%s', async (path, codec, audioCodec, hasReordering) => {
    const { stream, tape, logged } = tapeStream(`${server.openUrl}${path}`);
    try {
      await until(() => tape.videoFrames.length >= 60, `60 frames; ${logged.join('; ')}`, 60_000);
      const frames = tape.videoFrames;
      expect(stream.observe()).toMatchObject({ phase: 'streaming', codec, audioCodec, width: 320, height: 240, lostPackets: 0 });
      expect(tape.tracks).toMatchObject([{ video: { codec, hasReordering } }]);
      expect(await decode(codec, tape.annexB())).toEqual({ pictures: frames.length, complaints: '' });
      for (const [index, frame] of frames.entries()) {
        if (index > 0) expect(frame.decodeTicks).toBeGreaterThan(frames[index - 1]?.decodeTicks ?? Infinity);
        expect(frame.compositionOffsetTicks).toBeGreaterThanOrEqual(0);
      }
      expect(frames.some(({ compositionOffsetTicks }) => compositionOffsetTicks > 0)).toBe(hasReordering);
      expect(new Set(frames.map((frame) => frame.decodeTicks + frame.compositionOffsetTicks)).size).toBe(frames.length);
      if (audioCodec !== null) expect(tape.audioFrames.length).toBeGreaterThan(10);
    } finally {
      await stream.stop();
    }
  });

  it('with Digest, and not with a wrong password', async () => {
    const right = tapeStream(`${server.digestUrl}/h264`, account);
    const wrong = tapeStream(`${server.digestUrl}/h264`, { ...account, password: 'falsch' });
    try {
      await until(() => right.tape.videoFrames.length >= 25, `frames; ${right.logged.join('; ')}`, 60_000);
      await until(() => wrong.history.some(({ reason }) => reason === 'unauthorized'), 'a refusal');
      for (const line of [...right.logged, ...wrong.logged]) expect(line).not.toMatch(/geheim|falsch/);
    } finally {
      await Promise.all([right.stream.stop(), wrong.stream.stop()]);
    }
  });

  it('says that a path is not there', async () => {
    const { stream, history } = tapeStream(`${server.openUrl}/none`);
    try {
      await until(() => history.some(({ reason }) => reason === 'stream-not-found'), 'stream-not-found');
    } finally {
      await stream.stop();
    }
  });
});
