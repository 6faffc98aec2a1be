/** Which way of playing carries which sound. Pure. */
import type { CameraStreamState } from '../../server/contract/cameras.ts';
import type { Transport } from './stream-plan.ts';

/**
 * Why a camera that has sound is silent this way; null when it is not. `webrtc`: browsers take no AAC by WebRTC. `fragments`: they take
 * no G.711 in MP4, and Opus is left out with it.
 */
export function explainSilence(transport: Transport, audioCodec: CameraStreamState['audioCodec']): 'webrtc' | 'fragments' | null {
  if (audioCodec === null) return null;
  if (transport === 'webrtc') return audioCodec === 'aac' ? 'webrtc' : null;
  return audioCodec === 'aac' ? null : 'fragments';
}
