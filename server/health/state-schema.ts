/** Schemas of camera states, as answers are checked and described. */
import { z } from 'zod';
import { noPictureReasons } from '../media-nodes/no-picture-reasons.ts';

/** Values of `NoPictureReason`, as answers are checked and described. */
export const noPictureReason = z.enum(noPictureReasons).meta({ id: 'NoPictureReason' });

export const cameraStatus = z.enum(['online', 'connecting', 'degraded', 'offline', 'idle', 'unknown']).meta({ id: 'CameraStatus' });

/** A moment in a request: ISO 8601 with zone. A text that is none aborts, so that no rule on spans meets it. */
export const moment = z.iso.datetime({ offset: true, abort: true }).transform((text) => new Date(text));

const cameraClock = z
  .strictObject({
    kind: z.enum(['utc', 'local-time', 'unix-epoch', 'never-set', 'since-boot', 'none']),
    quality: z.enum(['good', 'stepping', 'repeating', 'mispaired']),
    offsetMs: z.number().nullable(),
    uncertaintyMs: z.number().nullable(),
    driftPpm: z.number().nullable(),
    steppedAt: z.iso.datetime().nullable(),
    soundLateMs: z.number().nullable(),
    measuredAt: z.iso.datetime(),
  })
  .meta({ id: 'CameraClockState' });

export const cameraState = z
  .strictObject({
    status: cameraStatus,
    reason: noPictureReason.nullable(),
    since: z.iso.datetime(),
    retryAt: z.iso.datetime().nullable(),
    isRecording: z.boolean(),
    streams: z.array(
      z.strictObject({
        role: z.enum(['main', 'sub']),
        codec: z.enum(['h264', 'h265']).nullable(),
        audioCodec: z.enum(['aac', 'pcma', 'pcmu', 'opus']).nullable(),
        width: z.number().nullable(),
        height: z.number().nullable(),
        fps: z.number().nullable(),
        bitrateBps: z.number().nullable(),
        lastFrameAt: z.iso.datetime().nullable(),
        keyFrameIntervalMs: z.number().nullable(),
        lostPackets: z.number().nullable(),
        slowViewers: z.number(),
        droppedFrames: z.number(),
        clock: cameraClock.nullable(),
      }),
    ),
  })
  .meta({ id: 'CameraState' });
