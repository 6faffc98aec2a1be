/**
 * What a page learned about ways of playing, by node: a way that did not get through for one tile is not tried first by the
 * others for a while, so that a wall behind a firewall does not wait tile by tile.
 */
import type { Transport } from './stream-plan.ts';

/** Firewalls do not change often, but laptops move. */
const rememberMs = 5 * 60_000;

interface Experience {
  workedAtMs: number;
  failedAtMs: number;
}

export class TransportMemory {
  readonly #nowMs: () => number;
  readonly #onChange: () => void;
  readonly #experiences = new Map<string, Experience>();

  /** `onChange`: a way began to be avoided. `nowMs` is monotonic. */
  constructor(options: { nowMs: () => number; onChange: () => void }) {
    this.#nowMs = options.nowMs;
    this.#onChange = options.onChange;
  }

  /** A picture came this way. */
  noteWorked(nodeId: string, transport: Transport): void {
    this.#experienceOf(nodeId, transport).workedAtMs = this.#nowMs();
  }

  /** No connection came about. Where others got through lately it was a single tile's bad luck. */
  noteFailed(nodeId: string, transport: Transport): void {
    const experience = this.#experienceOf(nodeId, transport);
    const nowMs = this.#nowMs();
    if (nowMs - experience.workedAtMs < rememberMs) return;
    const isNew = nowMs - experience.failedAtMs >= rememberMs;
    experience.failedAtMs = nowMs;
    if (isNew) this.#onChange();
  }

  isAvoided(nodeId: string, transport: Transport): boolean {
    const { workedAtMs, failedAtMs } = this.#experienceOf(nodeId, transport);
    return failedAtMs > workedAtMs && this.#nowMs() - failedAtMs < rememberMs;
  }

  #experienceOf(nodeId: string, transport: Transport): Experience {
    const key = `${transport} ${nodeId}`;
    let experience = this.#experiences.get(key);
    if (!experience) {
      experience = { workedAtMs: -Infinity, failedAtMs: -Infinity };
      this.#experiences.set(key, experience);
    }
    return experience;
  }
}
