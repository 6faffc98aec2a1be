/** What the tools of a tile choose next: by itself first, then each by hand, then by itself again. Null stands for by itself. */
import { transports, type StreamRole, type Transport } from '../player/stream-plan.ts';

/** By itself → main → sub → by itself. */
export function nextRole(chosen: StreamRole | null): StreamRole | null {
  if (chosen === null) return 'main';
  return chosen === 'main' ? 'sub' : null;
}

/** By itself → WebRTC → WebSocket → HLS → by itself. */
export function nextTransport(chosen: Transport | null): Transport | null {
  return transports[chosen === null ? 0 : transports.indexOf(chosen) + 1] ?? null;
}
