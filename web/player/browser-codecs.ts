/** What this browser can decode, by way of delivery. */
import type { BrowserCodecs } from './stream-plan.ts';

/** H.264 High 4.0 and H.265 Main 4.0 stand for their codecs: what cameras send. */
const h264Type = 'video/mp4; codecs="avc1.640028"';
const h265Type = 'video/mp4; codecs="hvc1.1.6.L120.B0"';

/** Asks the browser. Cheap, but not free: ask once and keep the answer. */
export function detectBrowserCodecs(): BrowserCodecs {
  const received = 'RTCRtpReceiver' in window ? (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []) : [];
  const receives = (mimeType: string) => received.some((codec) => codec.mimeType.toLowerCase() === mimeType);
  const plays = (type: string) => 'MediaSource' in window && MediaSource.isTypeSupported(type);
  const playsFragments = { h264: plays(h264Type), h265: plays(h265Type) };
  return {
    webrtc: { h264: receives('video/h264'), h265: receives('video/h265') },
    websocket: playsFragments,
    hls: playsFragments,
  };
}
