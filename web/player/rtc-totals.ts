/** What `RTCPeerConnection.getStats()` says of a picture (W3C webrtc-stats): bytes and packets of the video, round trip of the path in use. */
import type { ReceivedTotals } from './driver.ts';

/** Null while the browser has counted no video yet. `reports` as the browser gives them, of any kind. */
export function readRtcTotals(reports: readonly unknown[]): ReceivedTotals | null {
  const records = reports.filter((report): report is Record<string, unknown> => typeof report === 'object' && report !== null);
  const video = records.find((record) => record['type'] === 'inbound-rtp' && record['kind'] === 'video');
  const bytes = numberIn(video, 'bytesReceived');
  const received = numberIn(video, 'packetsReceived');
  const lost = numberIn(video, 'packetsLost');
  if (bytes === null) return null;
  const path = records.find((record) => record['type'] === 'candidate-pair' && record['nominated'] === true && record['state'] === 'succeeded');
  const roundTripSeconds = numberIn(path, 'currentRoundTripTime');
  return {
    bytes,
    // Packets that come twice make the browser's count of lost ones negative.
    packets: received === null || lost === null ? null : { received, lost: Math.max(0, lost) },
    roundTripMs: roundTripSeconds === null ? null : roundTripSeconds * 1000,
  };
}

/** `now` with what came before it over connections that were replaced; the round trip is that of now. */
export function addTotals(before: ReceivedTotals | null, now: ReceivedTotals): ReceivedTotals {
  if (before === null) return now;
  const packets =
    before.packets === null || now.packets === null
      ? now.packets
      : { received: before.packets.received + now.packets.received, lost: before.packets.lost + now.packets.lost };
  return { bytes: before.bytes + now.bytes, packets, roundTripMs: now.roundTripMs };
}

function numberIn(record: Readonly<Record<string, unknown>> | undefined, key: string): number | null {
  const value = record?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
