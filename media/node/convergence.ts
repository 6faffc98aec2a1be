/** From what runs to what is desired: pure. */
import type { DesiredStream, StreamRole } from '../contract/streams.ts';

/** Names one stream within the node. */
export type StreamKey = `${string}/${StreamRole}`;

export interface Convergence {
  readonly stop: readonly StreamKey[];
  readonly start: readonly DesiredStream[];
  /** Differ in something; the stream itself knows whether it must connect anew. */
  readonly update: readonly DesiredStream[];
}

/** The key of a stream. */
export function streamKey(cameraId: string, role: StreamRole): StreamKey {
  return `${cameraId}/${role}`;
}

/** Decides what to stop, start and update. Of doubles in `desired` the first counts. Streams that stay the same are not touched. */
export function planConvergence(running: ReadonlyMap<StreamKey, DesiredStream>, desired: readonly DesiredStream[]): Convergence {
  const wanted = new Map<StreamKey, DesiredStream>();
  for (const stream of desired) {
    const key = streamKey(stream.cameraId, stream.role);
    if (!wanted.has(key)) wanted.set(key, stream);
  }
  const start: DesiredStream[] = [];
  const update: DesiredStream[] = [];
  for (const [key, stream] of wanted) {
    const existing = running.get(key);
    if (existing === undefined) start.push(stream);
    else if (!isSame(existing, stream)) update.push(stream);
  }
  return { stop: [...running.keys()].filter((key) => !wanted.has(key)), start, update };
}

function isSame(one: DesiredStream, other: DesiredStream): boolean {
  return (
    one.url === other.url &&
    one.deviceId === other.deviceId &&
    one.mode === other.mode &&
    one.transport === other.transport &&
    one.credentials?.username === other.credentials?.username &&
    one.credentials?.password === other.credentials?.password &&
    one.recording?.retentionDays === other.recording?.retentionDays
  );
}
