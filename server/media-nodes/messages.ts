/** Shapes of what a node sends, checked at the socket; afterwards they are the types of `media/contract`. */
import { z } from 'zod';
import type { NodeHello, NumberedEvent } from '../../media/contract/link.ts';
import type { RecordedFile } from '../../media/contract/recordings.ts';
import type { CameraClockKind, CameraClockQuality, ObservedClock, ObservedState, ObservedStream, StreamPhase } from '../../media/contract/streams.ts';
import { noPictureReasons } from './no-picture-reasons.ts';

const instantMs = z.number().int().min(0).max(8_640_000_000_000_000);
const role = z.enum(['main', 'sub']);
const phase = z.enum(['idle', 'connecting', 'streaming', 'waiting'] satisfies StreamPhase[]);
const reason = z.enum(noPictureReasons);
const cameraId = z.uuid();
const count = z.number().int().min(0);
const measured = z.number().min(0).nullable();

export const nodeHelloSchema: z.ZodType<NodeHello> = z.object({
  epoch: z.string().min(1).max(64),
  version: z.string().max(64),
  publicUrl: z.string().max(300).nullable(),
  mediaPort: z.number().int().min(1).max(65_535),
  // Nodes of the version before do not say.
  usesTls: z.boolean().default(false),
  webRtcPort: z.number().int().min(0).max(65_535),
  webRtcEngine: z.string().max(64),
  startedAtMs: instantMs,
});

const observedClock: z.ZodType<ObservedClock> = z.object({
  kind: z.enum(['utc', 'local-time', 'unix-epoch', 'never-set', 'since-boot', 'none'] satisfies CameraClockKind[]),
  quality: z.enum(['good', 'stepping', 'repeating', 'mispaired'] satisfies CameraClockQuality[]),
  offsetMs: z.number().nullable(),
  uncertaintyMs: measured,
  driftPpm: z.number().nullable(),
  steppedAtMs: z.number().nullable(),
  soundLateMs: z.number().nullable(),
  measuredAtMs: z.number(),
});

const observedStreamSchema: z.ZodType<ObservedStream> = z.object({
  cameraId,
  role,
  phase,
  reason: reason.nullable(),
  sinceMs: z.number(),
  retryAtMs: z.number().nullable(),
  codec: z.enum(['h264', 'h265']).nullable(),
  audioCodec: z.enum(['aac', 'pcma', 'pcmu', 'opus']).nullable(),
  width: measured,
  height: measured,
  framesPerSecond: measured,
  bitrateBps: measured,
  lastFrameAtMs: z.number().nullable(),
  keyFrameIntervalMs: measured,
  lostPackets: count,
  clock: observedClock.nullable(),
  viewers: count,
  slowViewers: count,
  droppedFrames: count,
  isRecording: z.boolean(),
});

export const observedStateSchema: z.ZodType<ObservedState> = z.object({
  generation: count,
  atMs: z.number(),
  streams: z.array(observedStreamSchema).max(20_000),
  storage: z.object({ usedBytes: z.number(), quotaBytes: z.number(), freeBytes: z.number(), fault: z.string().max(500).nullable() }),
  transcoding: z
    .object({ running: count, limit: count.nullable(), encoder: z.string().max(64).nullable() })
    .nullable()
    .default(null),
});

const recordedFile: z.ZodType<RecordedFile> = z.object({
  path: z.string().min(1).max(500),
  cameraId,
  role,
  fromMs: instantMs,
  toMs: instantMs,
  sizeBytes: count,
  isOpen: z.boolean(),
});

const numberedEvent: z.ZodType<NumberedEvent> = z.object({
  sequence: z.number().int().min(1),
  atMs: instantMs,
  event: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stream.changed'), cameraId, role, phase, reason: reason.nullable() }),
    z.object({ kind: z.literal('recording.inventory'), inventory: z.object({ cameraId, files: z.array(recordedFile) }) }),
    z.object({ kind: z.literal('recording.file-changed'), file: recordedFile }),
    z.object({
      kind: z.literal('recording.file-deleted'),
      cameraId,
      path: z.string().min(1).max(500),
      cause: z.enum(['retention', 'quota', 'vanished']),
    }),
  ]),
});

/** An event as it came in: with its number and content, or with its number and why the content was refused. */
export type ReceivedEvent = NumberedEvent | { readonly sequence: number; readonly fault: string };

/**
 * Only the numbers of events must be right: an event whose content we refuse is passed on as refused, because a node repeats
 * what is not acknowledged, and one event nobody can read would hold up all later ones for ever.
 */
export const receivedEventsSchema: z.ZodType<readonly ReceivedEvent[]> = z
  .array(z.looseObject({ sequence: z.number().int().min(1) }).transform(readEvent))
  .max(10_000);

function readEvent(message: { readonly sequence: number }): ReceivedEvent {
  const event = numberedEvent.safeParse(message);
  if (event.success) return event.data;
  const [issue] = event.error.issues;
  return { sequence: message.sequence, fault: issue === undefined ? 'unreadable' : `${issue.path.join('.')}: ${issue.message}` };
}
