/** A tone of 440 Hz as coded frames of 20 ms, made by ffmpeg, for hubs without a camera. */
import { execFileSync } from 'node:child_process';
import type { AudioTrack, Frame } from '../../media/stream/frame.ts';
import { plainSlab, type ClipHub } from './clip-hub.ts';

export type ToneCodec = 'pcma' | 'pcmu' | 'opus' | 'aac';

const encoders = {
  pcma: ['-ar', '8000', '-c:a', 'pcm_alaw', '-f', 'alaw'],
  pcmu: ['-ar', '8000', '-c:a', 'pcm_mulaw', '-f', 'mulaw'],
  opus: ['-ar', '48000', '-c:a', 'libopus', '-frame_duration', '20', '-f', 'ogg', '-page_duration', '20000'],
  // Its bytes never reach a WebRTC viewer; any will do.
  aac: ['-ar', '8000', '-c:a', 'pcm_alaw', '-f', 'alaw'],
} as const;

const clockRatesHz = { pcma: 8000, pcmu: 8000, opus: 48_000, aac: 16_000 } as const;
const frameMs = 20;

/** Gives `hub` a sound track; returns what makes it sound in real time, which returns what ends it. */
export function addTone(hub: ClipHub, codec: ToneCodec): () => () => void {
  const clockRateHz = clockRatesHz[codec];
  const audio: AudioTrack = { codec, clockRateHz, channels: 1, config: Buffer.alloc(0), codecString: codec };
  hub.tracks = { ...hub.tracks, audio };
  const tone = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=4', '-af', 'volume=3', '-ac', '1'];
  const bytes = execFileSync('ffmpeg', [...tone, ...encoders[codec], '-'], { maxBuffer: 4 * 1024 * 1024 });
  const payloads = codec === 'opus' ? readOggPackets(bytes).slice(2) : cut(bytes, (8000 * frameMs) / 1000);
  return () => {
    const startedMs = performance.now();
    let frames = 0;
    const timer = setInterval(() => {
      for (; frames * frameMs <= performance.now() - startedMs; frames++) {
        const payload = payloads[frames % payloads.length] ?? Buffer.alloc(0);
        const frame: Frame = {
          kind: 'audio',
          slab: plainSlab(payload),
          start: 0,
          end: payload.length,
          isKeyFrame: true,
          decodeTicks: (frames * clockRateHz * frameMs) / 1000,
          compositionOffsetTicks: 0,
          arrivedMonotonicMs: performance.now(),
          arrivedWallClockMs: Date.now(),
          generation: hub.tracks.generation,
        };
        for (const sink of hub.sinks) sink.onFrame(frame);
      }
    }, frameMs);
    return () => clearInterval(timer);
  };
}

function cut(bytes: Buffer, sizeBytes: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / sizeBytes) }, (_, index) => bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes));
}

/** Packets of an Ogg file, the two headers of Opus first (RFC 3533 §6: capture pattern, 27 octets with the segment count last, lacing values). */
function readOggPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let pending: Buffer[] = [];
  for (let page = 0; page + 27 <= bytes.length;) {
    const segments = bytes.readUInt8(page + 26);
    let offset = page + 27 + segments;
    for (let index = 0; index < segments; index++) {
      const size = bytes.readUInt8(page + 27 + index);
      pending.push(bytes.subarray(offset, offset + size));
      offset += size;
      if (size === 255) continue;
      packets.push(Buffer.concat(pending));
      pending = [];
    }
    page = offset;
  }
  return packets;
}
