import { expect, it } from 'vitest';
import { FRAME_FIELDS, FrameBatch, readFrame, slabOfFrame, streamOfFrame } from '../../../../media/node/ingest/frame-batch.ts';
import type { Frame } from '../../../../media/stream/frame.ts';
import { FrameMaker } from '../../stream/stream-fixtures.ts';

it('gives back what went in, however many frames that are', () => {
  const batch = new FrameBatch();
  const maker = new FrameMaker();
  const frames: Frame[] = [];
  for (let index = 0; index < 200; index += 1) {
    const kind = index % 3 === 0 ? 'audio' : 'video';
    // Ticks beyond 32 bits: 90 kHz for 13 hours and more.
    const overrides = {
      kind,
      isKeyFrame: index % 2 === 0,
      decodeTicks: 2 ** 40 + index,
      compositionOffsetTicks: index,
      arrivedMonotonicMs: 1e9 + index / 1000,
    } as const;
    maker.make((frame) => {
      frames.push(frame);
      batch.add(index, index * 7, frame);
    }, overrides);
  }
  const fields = batch.take();
  expect([fields.length, fields.buffer.byteLength]).toEqual([200 * FRAME_FIELDS, 200 * FRAME_FIELDS * 8]);
  for (const [index, frame] of frames.entries()) {
    const at = index * FRAME_FIELDS;
    expect([streamOfFrame(fields, at), slabOfFrame(fields, at)]).toEqual([index, index * 7]);
    expect(readFrame(fields, at, frame.slab)).toEqual(frame);
  }
  expect([batch.isEmpty, batch.take().length]).toEqual([true, 0]);
});
