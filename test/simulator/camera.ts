/** A simulated camera: two streams of one clip, its way of doing RTSP, and what is wrong with it just now. */
import { Authenticator } from './authentication.ts';
import type { CameraConfig } from './camera-config.ts';
import { CameraStream } from './camera-stream.ts';
import type { Clip, ClipCatalogue, StreamRole } from './clip-catalogue.ts';
import { decideFault, dropsConnections, REBOOT_SECONDS, refusesConnections } from './fault.ts';
import type { Fault, FaultKind } from './fault.ts';

/** A connection that a camera can throw off or hurry along. */
export interface CameraConnection {
  /** Ends the connection with a TCP reset. */
  reset(): void;
  /** Does what is due by the clock: slow bytes, time-outs. */
  tick(nowMs: number): void;
}

/** One camera of the simulator. Numbers count from 1. */
export class Camera {
  readonly number: number;
  readonly clip: Clip;
  readonly config: CameraConfig;
  readonly authenticator: Authenticator;
  readonly streams: Readonly<Record<StreamRole, CameraStream>>;
  readonly connections = new Set<CameraConnection>();
  readonly #startedAtMs: number;
  #requested: Fault | null = null;
  #fault: Fault | null = null;

  constructor(number: number, config: CameraConfig, catalogue: ClipCatalogue, nowMs: number) {
    this.number = number;
    this.config = config;
    this.clip = catalogue.find(config.clip);
    this.authenticator = new Authenticator(config.authentication);
    this.#startedAtMs = nowMs;
    this.streams = {
      main: new CameraStream('main', this.clip, config, catalogue, nowMs),
      sub: new CameraStream('sub', this.clip, config, catalogue, nowMs),
    };
  }

  /** Shown in listings and as the SDP's session name. */
  get title(): string {
    return this.config.title ?? this.clip.title.zh;
  }

  /** What is wrong now, by the last {@link tick}. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** True while no connection is taken. */
  get isRefusing(): boolean {
    return this.#fault !== null && refusesConnections(this.#fault.kind);
  }

  /** Makes something wrong, at once and instead of what was asked for before. */
  requestFault(kind: FaultKind, seconds: number | undefined, nowMs: number): void {
    const lastsSeconds = seconds ?? (kind === 'reboot' ? REBOOT_SECONDS : null);
    this.#requested = {
      kind,
      sinceMs: nowMs,
      untilMs: lastsSeconds === null ? null : nowMs + lastsSeconds * 1000,
    };
    this.#reviewFault(nowMs);
  }

  /** Takes back the fault that was asked for; a scheduled one stays. */
  withdrawFault(nowMs: number): void {
    this.#requested = null;
    this.#reviewFault(nowMs);
  }

  /** Does all that is due by the clock. */
  tick(nowMs: number): void {
    this.#reviewFault(nowMs);
    this.streams.main.sendDue(nowMs, this.#fault);
    this.streams.sub.sendDue(nowMs, this.#fault);
    for (const connection of this.connections) connection.tick(nowMs);
  }

  #reviewFault(nowMs: number): void {
    const endsAtMs = this.#requested?.untilMs ?? Number.POSITIVE_INFINITY;
    if (nowMs >= endsAtMs) this.#requested = null;
    const before = this.#fault;
    const after = decideFault(this.#requested, this.config.schedule, this.#startedAtMs, nowMs);
    this.#fault = after;
    if (before?.kind === after?.kind && (after === null || before?.untilMs === after.untilMs)) return;
    if (before !== null) this.#endFault(before, nowMs);
    if (after !== null && dropsConnections(after.kind)) {
      for (const connection of this.connections) connection.reset();
    }
  }

  #endFault(ended: Fault, nowMs: number): void {
    for (const stream of Object.values(this.streams)) {
      if (ended.kind === 'reboot') stream.boot(nowMs);
      stream.recover(ended);
    }
  }
}
