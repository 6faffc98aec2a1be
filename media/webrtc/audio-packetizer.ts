/**
 * Coded audio frames to RTP payloads (hot path): G.711 one octet per sample (RFC 3551 §4.5.14), Opus one packet per frame
 * (RFC 7587 §4.2). Both travel as they are; AAC has no place in WebRTC and is left out by the offer's negotiation.
 */
import type { Frame } from '../stream/frame.ts';
import { maxPayloadBytes, type RtpPacketBatch } from './rtp-packet-batch.ts';

/**
 * Fills `batch` with one packet for the audio frame. Copies its bytes. Returns false for an empty frame or one that no
 * packet holds (150 ms of G.711: cameras send 20 to 128 ms).
 */
export function packetizeAudio(frame: Frame, batch: RtpPacketBatch): boolean {
  batch.begin();
  const sizeBytes = frame.end - frame.start;
  if (sizeBytes <= 0 || sizeBytes > maxPayloadBytes) return false;
  const payload = batch.addPacket(sizeBytes);
  if (payload < 0) return false;
  frame.slab.bytes.copy(batch.bytes, payload, frame.start, frame.end);
  return true;
}
