import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HlsPackager } from '../../../media/hls/packager-contract.ts';
import { DecoderMissing } from '../../../media/inspect/key-frame-decoder.ts';
import { SnapshotMaker } from '../../../media/inspect/snapshot-maker.ts';
import type { AdmittedRequest } from '../../../media/node/admitted-request.ts';
import { AnswerDeadlines } from '../../../media/node/answer-deadlines.ts';
import { LiveFace } from '../../../media/node/live-face.ts';
import type { PictureOutcome, WatchedStream, WithoutPicture } from '../../../media/node/watched-stream.ts';
import { DeliveryMeasurements } from '../../../media/stream/delivery-measurements.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const failed: WithoutPicture = { reason: null, refusal: { code: 'transcoding-failed', detail: 'It is tried again' } };

/** A packager that had pictures once, and has none now. */
const emptyPackager: HlsPackager = {
  audio: 'none',
  heldBytes: 0,
  position: { nextMediaSequence: 0, nextDiscontinuitySequence: 0 },
  droppedFrames: 0,
  playlist: () => ({ kind: 'unavailable', detail: '' }),
  media: () => ({ kind: 'unavailable', detail: '' }),
  close() {},
  onTracks() {},
  onFrame() {},
  onInterrupted() {},
};

function faceOf(without: WithoutPicture): LiveFace {
  const stream: WatchedStream = {
    hub: new ClipHub(),
    delivery: new DeliveryMeasurements(),
    acquire: () => () => {},
    hlsFor: () => emptyPackager,
    holdHls: () => () => {},
    waitForPicture: async (): Promise<PictureOutcome> => ({ ok: true }),
    observe: () => without,
  };
  const decoder = {
    decode: async (): Promise<never> => {
      throw new DecoderMissing('ffmpeg');
    },
  };
  return new LiveFace({ stream: () => stream, snapshots: new SnapshotMaker(decoder, new FakeClock()) });
}

function admit(query: string): AdmittedRequest {
  const request = new IncomingMessage(new Socket());
  return {
    request,
    response: new ServerResponse(request),
    query: new URLSearchParams(query),
    ticketText: 'ticket-1',
    deadlines: new AnswerDeadlines(new FakeClock()),
    ticket: { keyId: 'key-1', right: 'live', cameraId: 'camera-1', role: null, personId: 'person-1', expiresAtS: 0, playback: null },
  };
}

describe('LiveFace', () => {
  it('tells viewers of a transcode that broke that it broke, not that the camera has no picture', async () => {
    const face = faceOf(failed);
    const refusal = { code: 'transcoding-failed', detail: 'It is tried again', retryAfterSeconds: 5 };
    expect(await face.media(admit('video=h264'), 'camera-1', 'main', 'part-1.0.m4s')).toEqual(refusal);
    expect(await face.playlist(admit('video=h264&_HLS_msn=5&_HLS_part=0'), 'camera-1', 'main')).toEqual(refusal);
  });

  it('tells the reason of the camera where that is it', async () => {
    const face = faceOf({ reason: 'no-answer' });
    const refusal = { code: 'stream-unavailable', reason: 'no-answer', retryAfterSeconds: 2 };
    expect(await face.media(admit(''), 'camera-1', 'main', 'part-1.0.m4s')).toEqual(refusal);
    expect(await face.playlist(admit('_HLS_msn=5&_HLS_part=0'), 'camera-1', 'main')).toEqual(refusal);
  });
});
