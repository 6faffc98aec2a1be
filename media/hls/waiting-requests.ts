/** Requests that wait for a part or segment to come: a bounded list, each with its own time-out. */
import type { Clock } from '../clock/clock.ts';

interface WaitingRequest {
  /** Answers when it can; false: goes on waiting. */
  readonly tryAnswer: () => boolean;
  readonly giveUp: () => void;
  readonly cancelTimer: () => void;
}

export class WaitingRequests {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #requests = new Set<WaitingRequest>();

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#requests.size >= this.#limit;
  }

  get count(): number {
    return this.#requests.size;
  }

  /**
   * The answer as soon as `look` finds one (not null), or `otherwise` after `timeoutMs` or at the end. Ask only when
   * not {@link isFull}.
   */
  wait<Answer>(timeoutMs: number, look: () => Answer | null, otherwise: Answer): Promise<Answer> {
    return new Promise((resolve) => {
      const request: WaitingRequest = {
        tryAnswer: () => {
          const answer = look();
          if (answer !== null) resolve(answer);
          return answer !== null;
        },
        giveUp: () => resolve(otherwise),
        cancelTimer: this.#clock.setTimer(timeoutMs, () => {
          this.#requests.delete(request);
          request.giveUp();
        }),
      };
      this.#requests.add(request);
    });
  }

  /** Something new was published. */
  notify(): void {
    for (const request of this.#requests) {
      if (!request.tryAnswer()) continue;
      this.#requests.delete(request);
      request.cancelTimer();
    }
  }

  /** Everybody goes home. */
  endAll(): void {
    for (const request of this.#requests) {
      request.cancelTimer();
      request.giveUp();
    }
    this.#requests.clear();
  }
}
