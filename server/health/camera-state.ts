/** The state of a camera as the API tells it: the status of the history with the newest measurements of the node. Pure. */
import type { ObservedClock, ObservedStream } from '../../media/contract/streams.ts';
import type { CameraClockState, CameraState, CameraStreamState } from '../contract/cameras.ts';

/** Newest measurements of a camera's streams; empty when its node is lost. */
export interface CameraMeasurements {
  readonly streams: readonly ObservedStream[];
  /** Clock of the node − clock of the server. */
  readonly nodeAheadMs: number;
}

/** The first report alone is worth ± 1 s; a minute of them is worth this on most networks. */
const WELL_MEASURED_MS = 100;

export const NO_MEASUREMENTS: CameraMeasurements = { streams: [], nodeAheadMs: 0 };

export function composeCameraState(
  status: { readonly status: CameraState['status']; readonly reason: CameraState['reason']; readonly sinceMs: number },
  measurements: CameraMeasurements,
): CameraState {
  const main = measurements.streams.find((stream) => stream.role === 'main');
  const retryAtMs = main?.retryAtMs ?? null;
  return {
    status: status.status,
    reason: status.reason,
    since: new Date(status.sinceMs).toISOString(),
    retryAt: retryAtMs === null ? null : new Date(retryAtMs - measurements.nodeAheadMs).toISOString(),
    isRecording: measurements.streams.some((stream) => stream.isRecording),
    streams: measurements.streams.map((stream) => composeStreamState(stream, measurements.nodeAheadMs)),
  };
}

/** What a screen chooses a player by, and what it says of the camera's clock; it changes a few times in a camera's life. */
export function describeShape(streams: readonly ObservedStream[]): string {
  return streams
    .map(({ role, codec, audioCodec, width, height, isRecording, clock }) =>
      [role, codec, audioCodec, width, height, isRecording, clock === null ? null : describeClockShape(clock)].join(' '),
    )
    .sort()
    .join(', ');
}

/** Measured at all, measured well, found to be odd. */
function describeClockShape({ kind, quality, uncertaintyMs }: ObservedClock): string {
  return [kind, quality, uncertaintyMs !== null && uncertaintyMs < WELL_MEASURED_MS].join(' ');
}

function composeStreamState(stream: ObservedStream, nodeAheadMs: number): CameraStreamState {
  return {
    role: stream.role,
    codec: stream.codec,
    audioCodec: stream.audioCodec,
    width: stream.width,
    height: stream.height,
    fps: stream.framesPerSecond,
    bitrateBps: stream.bitrateBps,
    lastFrameAt: stream.lastFrameAtMs === null ? null : new Date(stream.lastFrameAtMs - nodeAheadMs).toISOString(),
    keyFrameIntervalMs: stream.keyFrameIntervalMs,
    lostPackets: stream.lostPackets,
    slowViewers: stream.slowViewers,
    droppedFrames: stream.droppedFrames,
    clock: stream.clock === null ? null : composeClockState(stream.clock, nodeAheadMs),
  };
}

/** The offset stays against the node: what recordings are timed by. Nodes are kept together by NTP, their lead here includes the link's delay. */
function composeClockState(clock: ObservedClock, nodeAheadMs: number): CameraClockState {
  const { steppedAtMs, measuredAtMs, ...rest } = clock;
  return {
    ...rest,
    steppedAt: steppedAtMs === null ? null : new Date(steppedAtMs - nodeAheadMs).toISOString(),
    measuredAt: new Date(measuredAtMs - nodeAheadMs).toISOString(),
  };
}
