/** GStreamer's RTSP server as the camera: what it sends arrives whole and decodes without a complaint. */
import { describe, expect, it } from 'vitest';
import { startGstreamerCamera } from '../../support/gstreamer-camera.ts';
import type { GstreamerCamera, GstreamerCameraOptions } from '../../support/gstreamer-camera.ts';
import { decode, tapeStream, until } from './ingest/stream-tape.ts';

const account = { username: 'admin', password: 'geheim' };

async function withCamera(options: GstreamerCameraOptions, use: (camera: GstreamerCamera) => Promise<void>): Promise<void> {
  const camera = await startGstreamerCamera(options);
  try {
    await use(camera);
  } finally {
    await camera.close();
  }
}

describe('pulls GStreamer', () => {
  const variants: (GstreamerCameraOptions & { readonly video: 'h264' | 'h265' })[] = [
    { video: 'h264', hasParameterSetsInBand: true },
    { video: 'h264', audio: 'aac', hasParameterSetsInBand: false },
    { video: 'h265', audio: 'pcma', hasParameterSetsInBand: true },
    { video: 'h265', audio: 'pcmu', hasParameterSetsInBand: false },
    { video: 'h264', credentials: account },
  ];
  it.each(variants)('%j', async (options) => {
    await withCamera(options, async ({ url }) => {
      const { stream, tape, logged } = tapeStream(url, options.credentials ?? null);
      const { video: codec, audio = 'none' } = options;
      try {
        await until(() => tape.videoFrames.length >= 50, `50 frames; ${logged.join('; ')}`, 60_000);
        const audioCodec = audio === 'none' ? null : audio;
        expect(stream.observe()).toMatchObject({ phase: 'streaming', codec, audioCodec, width: 640, height: 360, lostPackets: 0 });
      } finally {
        await stream.stop();
      }
      const frames = tape.videoFrames;
      expect(await decode(codec, tape.annexB())).toEqual({ pictures: frames.length, complaints: '' });
      for (const [index, frame] of frames.entries()) {
        if (index > 0) expect(frame.decodeTicks).toBeGreaterThan(frames[index - 1]?.decodeTicks ?? Infinity);
        expect(frame.compositionOffsetTicks).toBe(0);
      }
      if (audio !== 'none') expect(tape.audioFrames.length).toBeGreaterThan(10);
      expect(logged.join()).not.toContain(account.password);
    });
  });

  it('with B-frames: decode times increase, and every picture has its own moment', async () => {
    const camera = await startGstreamerCamera({ video: 'h264-reordered', fps: 25 });
    const { stream, tape, logged } = tapeStream(camera.url);
    try {
      await until(() => tape.videoFrames.length >= 60, `60 frames; ${logged.join('; ')}`, 60_000);
    } finally {
      await stream.stop();
      await camera.close();
    }
    const frames = tape.videoFrames;
    expect(tape.tracks).toMatchObject([{ video: { hasReordering: true } }]);
    expect(await decode('h264', tape.annexB())).toEqual({ pictures: frames.length, complaints: '' });
    for (const [index, frame] of frames.entries()) {
      if (index > 0) expect(frame.decodeTicks).toBeGreaterThan(frames[index - 1]?.decodeTicks ?? Infinity);
      expect(frame.compositionOffsetTicks).toBeGreaterThanOrEqual(0);
    }
    expect(frames.some(({ compositionOffsetTicks }) => compositionOffsetTicks > 0)).toBe(true);
    expect(new Set(frames.map((frame) => frame.decodeTicks + frame.compositionOffsetTicks)).size).toBe(frames.length);
  });

  it('says that a password is wrong, and that a path is not there', async () => {
    await withCamera({ credentials: account }, async ({ url }) => {
      const wrong = tapeStream(url, { ...account, password: 'falsch' });
      const lost = tapeStream(`${url}-of-nobody`, account);
      try {
        await until(() => wrong.history.some(({ reason }) => reason === 'unauthorized'), 'unauthorized');
        await until(() => lost.history.some(({ reason }) => reason === 'stream-not-found'), `stream-not-found; ${lost.logged.join('; ')}`);
        expect([...wrong.logged, ...lost.logged].join()).not.toMatch(/geheim|falsch/);
      } finally {
        await Promise.all([wrong.stream.stop(), lost.stream.stop()]);
      }
    });
  });
});
