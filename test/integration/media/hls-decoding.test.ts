import { describe, expect, it } from 'vitest';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { decodeComplaints } from '../../support/ffmpeg.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';
import { serveHls } from '../../support/hls-server.ts';

describe('a plain HLS player', () => {
  it.each([
    { codec: 'h264', audio: 'aac', interrupted: false },
    { codec: 'h265', audio: null, interrupted: false },
    { codec: 'h264', audio: 'pcma', interrupted: true },
  ] as const)('decodes a minute without a complaint: $codec with sound $audio, interrupted $interrupted', async ({ codec, audio, interrupted }) => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock, codec, audio });
    const packager = createHlsPackager({ clock, windowMs: 70_000 });
    feeder.addSink(packager);
    feeder.feed(30);
    if (interrupted) {
      feeder.interrupt();
      feeder.rewind();
    }
    feeder.feed(34);
    const requests: string[] = [];
    const url = await serveHls(packager, requests);
    expect(await decodeComplaints(url, ['-live_start_index', '0', '-t', '60'])).toBe('');
    expect(requests.filter((path) => path.includes('segment-')).length).toBeGreaterThanOrEqual(30);
    packager.close();
    feeder.end();
  });
});
