import { describe, expect, it } from 'vitest';
import { DecoderMissing, type KeyFrameDecoder } from '../../../media/inspect/key-frame-decoder.ts';
import type { KeyFrame } from '../../../media/inspect/key-frame.ts';
import type { PictureFormat } from '../../../media/inspect/picture-format.ts';
import { SnapshotMaker } from '../../../media/inspect/snapshot-maker.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A decoder that answers when the test says so. */
class HeldDecoder implements KeyFrameDecoder {
  readonly waiting: { readonly keyFrame: KeyFrame; readonly format: PictureFormat; readonly answer: (jpeg: Buffer | null) => void }[] = [];
  running = 0;
  mostRunning = 0;

  async decode(keyFrame: KeyFrame, format: PictureFormat): Promise<Buffer | null> {
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    const jpeg = await new Promise<Buffer | null>((resolve) => this.waiting.push({ keyFrame, format, answer: resolve }));
    this.running--;
    return jpeg;
  }
}

function hubWithPicture(arrivedMs = 1000): ClipHub {
  const hub = new ClipHub();
  hub.advance(3, arrivedMs);
  return hub;
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe('SnapshotMaker', () => {
  it('makes the same picture once for all who ask within two seconds', async () => {
    const decoder = new HeldDecoder();
    const clock = new FakeClock();
    const maker = new SnapshotMaker(decoder, clock);
    const hub = hubWithPicture();
    const both = Promise.all([maker.take(hub), maker.take(hub)]);
    await turns();
    decoder.waiting[0]?.answer(Buffer.from('jpeg'));
    expect(await both).toEqual(Array.from({ length: 2 }, () => ({ kind: 'picture', jpeg: Buffer.from('jpeg'), arrivedAtMs: 1000 })));
    clock.advance(1999);
    await maker.take(hub);
    expect(decoder.waiting).toHaveLength(1);
    clock.advance(1);
    void maker.take(hub);
    await turns();
    expect(decoder.waiting).toHaveLength(2);
  });

  it('makes a thumbnail besides the picture as it is, and neither larger than the camera sends it', async () => {
    const decoder = new HeldDecoder();
    const maker = new SnapshotMaker(decoder, new FakeClock());
    const hub = hubWithPicture();
    const all = Promise.all([maker.take(hub), maker.take(hub, 320), maker.take(hub, 320), maker.take(hub, 1280)]);
    for (let done = 0; done < 3; done++) {
      await turns();
      decoder.waiting[done]?.answer(Buffer.from([done]));
    }
    expect((await all).map((outcome) => (outcome.kind === 'picture' ? outcome.jpeg[0] : outcome.kind))).toEqual([0, 1, 1, 2]);
    expect(decoder.waiting.map(({ format }) => `${format.width}x${format.height}`)).toEqual(['640x360', '320x180', '640x360']);
  });

  it('runs one decoder at a time and refuses when too many wait', async () => {
    const decoder = new HeldDecoder();
    const maker = new SnapshotMaker(decoder, new FakeClock());
    const outcomes = Array.from({ length: 40 }, () => maker.take(hubWithPicture()));
    for (let done = 0; done < 32; done++) {
      await turns();
      decoder.waiting[done]?.answer(null);
    }
    const kinds = (await Promise.all(outcomes)).map((outcome) => outcome.kind);
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(8);
    expect(decoder.mostRunning).toBe(1);
  });

  it('does not blame the camera for a frame that does not decode', async () => {
    const maker = new SnapshotMaker({ decode: async () => null }, new FakeClock());
    expect(await maker.take(hubWithPicture())).toEqual({ kind: 'impossible', detail: 'The newest key frame could not be decoded' });
    expect(await maker.take(new ClipHub())).toEqual({ kind: 'no-key-frame' });
  });

  it('goes on after a decoder that failed', async () => {
    let isBroken = true;
    const maker = new SnapshotMaker({ decode: async () => (isBroken ? Promise.reject(new Error('broken')) : Buffer.from('jpeg')) }, new FakeClock());
    await expect(maker.take(hubWithPicture())).rejects.toThrow('broken');
    isBroken = false;
    expect(await maker.take(hubWithPicture())).toMatchObject({ kind: 'picture' });
  });

  it('says that there is no key frame, or nothing to decode with', async () => {
    const missing = new SnapshotMaker({ decode: () => Promise.reject(new DecoderMissing('install it')) }, new FakeClock());
    expect(await missing.take(new ClipHub())).toEqual({ kind: 'no-key-frame' });
    expect(await missing.take(hubWithPicture())).toEqual({ kind: 'impossible', detail: 'install it' });
  });
});
