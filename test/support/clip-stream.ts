/** A managed stream whose camera is a clip: phase and reason are what the test says, acquisitions are counted. */
import type { DesiredStream, NoPictureReason, ObservedStream, StreamPhase } from '../../media/contract/streams.ts';
import type { ManagedStream } from '../../media/stream/managed-stream.ts';
import { ClipHub } from './clip-hub.ts';

export class ClipStream implements ManagedStream {
  readonly hub: ClipHub;
  readonly updates: DesiredStream[] = [];
  viewers = 0;
  isStopped = false;
  phase: StreamPhase = 'streaming';
  reason: NoPictureReason | null = null;
  readonly #desired: DesiredStream;
  readonly #onChange: () => void;

  constructor(desired: DesiredStream, onChange: () => void = () => {}, hub = new ClipHub()) {
    this.hub = hub;
    this.#desired = desired;
    this.#onChange = onChange;
  }

  get cameraId(): string {
    return this.#desired.cameraId;
  }

  get role(): DesiredStream['role'] {
    return this.#desired.role;
  }

  turn(phase: StreamPhase, reason: NoPictureReason | null): void {
    this.phase = phase;
    this.reason = reason;
    this.#onChange();
  }

  observe(): ObservedStream {
    return {
      cameraId: this.cameraId,
      role: this.role,
      phase: this.phase,
      reason: this.reason,
      sinceMs: 0,
      retryAtMs: null,
      codec: 'h264',
      audioCodec: null,
      width: 640,
      height: 360,
      framesPerSecond: null,
      bitrateBps: null,
      lastFrameAtMs: null,
      keyFrameIntervalMs: null,
      lostPackets: 0,
      clock: null,
      viewers: this.viewers,
      slowViewers: 0,
      droppedFrames: 0,
      isRecording: false,
    };
  }

  acquire(): () => void {
    this.viewers++;
    let isHeld = true;
    return () => {
      if (isHeld) this.viewers--;
      isHeld = false;
    };
  }

  update(desired: DesiredStream): void {
    this.updates.push(desired);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }
}

/** A stream as the server would desire it. */
export function desiredStream(cameraId: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return {
    cameraId,
    role: 'main',
    deviceId: null,
    url: `rtsp://camera.invalid/${cameraId}`,
    credentials: null,
    transport: 'tcp',
    mode: 'always',
    recording: null,
    ...changes,
  };
}
