/**
 * The clock of a media node as seen from this browser. The age of a picture is counted on the node's clock, so its
 * offset is measured by `GET /time`: the sample with the shortest round trip wins, its error is at most half of that.
 */

export interface ClockSample {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly nodeNowMs: number;
}

/** Offset to add to this browser's clock, ms; null without samples. */
export function estimateOffset(samples: readonly ClockSample[]): number | null {
  let best: ClockSample | null = null;
  for (const sample of samples) {
    if (best === null || roundTrip(sample) < roundTrip(best)) best = sample;
  }
  return best === null ? null : best.nodeNowMs - (best.sentAtMs + best.receivedAtMs) / 2;
}

/** Samples older than this say nothing about clocks that drift. */
const sampleLifeMs = 5 * 60_000;
/** How often a node in use is asked again. */
const refreshMs = 60_000;
const samplesKept = 8;

interface NodeEntry {
  samples: ClockSample[];
  offsetMs: number | null;
  askedAtMs: number;
}

/** Offsets of all nodes this page watches. One object per page. */
export class NodeClocks {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #fetch: typeof fetch;
  readonly #nowMs: () => number;

  constructor(options: { fetch: typeof fetch; nowMs: () => number }) {
    this.#fetch = options.fetch;
    this.#nowMs = options.nowMs;
  }

  /** The node's wall clock now, or null until it has answered once. Asks again by itself when the last answer is old. */
  nowMs(nodeBaseUrl: string): number | null {
    const entry = this.#entryOf(nodeBaseUrl);
    if (this.#nowMs() - entry.askedAtMs > refreshMs) void this.#ask(nodeBaseUrl, entry);
    return entry.offsetMs === null ? null : this.#nowMs() + entry.offsetMs;
  }

  #entryOf(nodeBaseUrl: string): NodeEntry {
    let entry = this.#nodes.get(nodeBaseUrl);
    if (!entry) {
      entry = { samples: [], offsetMs: null, askedAtMs: -Infinity };
      this.#nodes.set(nodeBaseUrl, entry);
    }
    return entry;
  }

  async #ask(nodeBaseUrl: string, entry: NodeEntry): Promise<void> {
    const sentAtMs = this.#nowMs();
    entry.askedAtMs = sentAtMs;
    try {
      const response = await this.#fetch(`${nodeBaseUrl}/time`, { cache: 'no-store' });
      const answer: unknown = await response.json();
      const receivedAtMs = this.#nowMs();
      if (typeof answer !== 'object' || answer === null || !('nowMs' in answer) || typeof answer.nowMs !== 'number') return;
      entry.samples = entry.samples.filter((sample) => receivedAtMs - sample.receivedAtMs < sampleLifeMs).slice(1 - samplesKept);
      entry.samples.push({ sentAtMs, receivedAtMs, nodeNowMs: answer.nowMs });
      entry.offsetMs = estimateOffset(entry.samples);
    } catch {
      // Not reachable: ask again in 5 s; until then the last offset stands.
      entry.askedAtMs = this.#nowMs() - refreshMs + 5000;
    }
  }
}

/** Base URL of the node that serves a media URL: everything before `/live/` or `/playback/`. */
export function nodeBaseUrlOf(mediaUrl: string): string {
  return mediaUrl.replace(/\/(live|playback)\/.*$/, '');
}

function roundTrip(sample: ClockSample): number {
  return sample.receivedAtMs - sample.sentAtMs;
}
