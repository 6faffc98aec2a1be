/** A whole pull, from socket to frames, against a camera that the test writes. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createRtspSource } from '../../../media/stream/rtsp-source.ts';
import type { RtspSource } from '../../../media/stream/rtsp-source.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';
import { parseVideoStream } from '../../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../../simulator/rtp-payload.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { buildRtpPacket, interleave } from '../rtp/rtp-builder.ts';
import { answer, ScriptedCamera } from '../rtsp/scripted-camera.ts';
import type { Script } from '../rtsp/scripted-camera.ts';

const clip = parseVideoStream('h264', readFileSync(new URL('../../simulator/clips/test-card.sub.h264', import.meta.url)));
const sdp = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 sprop-parameter-sets=${clip.parameterSets.map((nalUnit) => nalUnit.toString('base64')).join(',')}`,
  'a=control:video',
  'm=audio 0 RTP/AVP 8',
  'a=control:audio',
].join('\r\n');

const script: Script = (request, socket) => {
  if (request.method === 'DESCRIBE') answer(request, socket, 200, {}, sdp);
  else if (request.method === 'SETUP') answer(request, socket, 200, { Session: '1', Transport: /Transport: (.*)/.exec(request.text)?.[1] ?? '' });
  else answer(request, socket);
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

class Pull {
  readonly clock = new FakeClock();
  readonly pool = new SlabPool();
  readonly events: string[] = [];
  source!: RtspSource;
  camera!: ScriptedCamera;
  #sequenceNumber = 0;

  static async start(): Promise<Pull> {
    const pull = new Pull();
    pull.camera = new ScriptedCamera(script);
    const url = await pull.camera.listen();
    const { clock, pool, events } = pull;
    pull.source = createRtspSource(
      { url, credentials: null, transport: 'tcp', clock, pool, originMonotonicMs: clock.monotonicMs(), lastGeneration: 6 },
      {
        onTracks: ({ generation, video, audio }) => events.push(`tracks ${generation} ${video?.width} ${audio?.codec}`),
        onFrame: (frame) => events.push(`${frame.kind} ${frame.generation} at ${frame.decodeTicks}`),
        onLoss: (packets) => events.push(`lost ${packets}`),
        onEnded: (reason) => events.push(`ended ${reason}`),
      },
    );
    closers.push(
      () => pull.camera.close(),
      () => pull.source.stop(),
    );
    await pull.until(() => pull.source.observe().isPlaying);
    return pull;
  }

  async until(isTrue: () => boolean): Promise<void> {
    const startedMs = performance.now();
    while (!isTrue()) {
      if (performance.now() - startedMs > 20_000) throw new Error(`did not happen; ${this.events.join('; ')}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  send(...packets: Buffer[]): void {
    for (const socket of this.camera.sockets) socket.write(Buffer.concat(packets));
  }

  picture(index: number): Buffer {
    const payloads = packetizeAccessUnit('h264', clip.accessUnits[index]?.nalUnits ?? [], 1400, false);
    const packets = payloads.map((payload, place) => {
      this.#sequenceNumber += 1;
      const hasMarker = place === payloads.length - 1;
      return interleave(0, buildRtpPacket({ payload, timestamp: index * 6000, sequenceNumber: this.#sequenceNumber, ssrc: 77, hasMarker }));
    });
    return Buffer.concat(packets);
  }

  /** A picture that never arrives. */
  skip(packets: number): void {
    this.#sequenceNumber += packets;
  }
}

function sound(index: number): Buffer {
  return interleave(2, buildRtpPacket({ payload: Buffer.alloc(160), payloadType: 8, sequenceNumber: index, timestamp: index * 160, ssrc: 88 }));
}

describe('createRtspSource', () => {
  it('gives tracks before frames, sound once there is a picture, both on one axis', async () => {
    const pull = await Pull.start();
    pull.clock.advance(1000);
    pull.send(sound(0), sound(1), pull.picture(0), sound(2), pull.picture(1));
    await pull.until(() => pull.events.length === 4);
    expect(pull.events).toEqual(['tracks 7 640 pcma', 'video 7 at 90000', 'audio 7 at 8320', 'video 7 at 96000']);
    expect(pull.source.observe()).toMatchObject({ audioPackets: 3, droppedUnits: 0, areTimestampsBroken: false, cameraClock: null });
  });

  it('moves sound to the picture of a camera that first sends what is in its cache', async () => {
    const pull = await Pull.start();
    pull.clock.advance(1000);
    // 15 pictures a second: a second of them at once, and sound of now.
    pull.send(...Array.from({ length: 16 }, (_, index) => pull.picture(index)), sound(0));
    await pull.until(() => pull.events.length === 18);
    expect(pull.events.slice(-2)).toEqual(['video 7 at 180000', 'audio 7 at 16000']);
  });

  it('counts what is lost', async () => {
    const pull = await Pull.start();
    pull.send(pull.picture(0));
    pull.skip(3);
    pull.send(pull.picture(4));
    await pull.until(() => pull.events.length === 3);
    expect(pull.events).toEqual(['tracks 7 640 pcma', 'video 7 at 0', 'lost 3']);
    expect(pull.source.observe().droppedUnits).toBe(1);
  });

  it('reports reception every five seconds, and reads the camera’s clock', async () => {
    const pull = await Pull.start();
    pull.clock.advance(5000);
    const report = Buffer.alloc(28);
    report.writeUInt32BE(0x80c80006, 0);
    report.writeUInt32BE(77, 4);
    report.writeUInt32BE(Math.floor(pull.clock.wallClockMs() / 1000) + 2_208_988_800 + 3600, 8);
    pull.send(pull.picture(0), sound(0), interleave(1, report));
    await pull.until(() => pull.source.observe().cameraClock !== null);
    const clock = pull.source.observe().cameraClock;
    expect(clock).toMatchObject({ kind: 'local-time', quality: 'good', soundLateMs: null, measuredAtMs: pull.clock.wallClockMs() });
    expect(Math.abs((clock?.offsetMs ?? 0) - 3_600_000)).toBeLessThanOrEqual(clock?.uncertaintyMs ?? 0);
    pull.clock.advance(5000);
    await pull.until(() => pull.camera.packets.length === 2);
    const [video, audio] = pull.camera.packets;
    expect([video?.[1], video?.readUInt32BE(12), video?.readUInt32BE(28), video?.readUInt32BE(32)]).toEqual([1, 77, expect.any(Number), 5 * 65_536]);
    expect([audio?.[1], audio?.readUInt32BE(12)]).toEqual([3, 88]);
  });

  it('pays no heed to channels nobody set up, nor to what is no RTP', async () => {
    const pull = await Pull.start();
    pull.send(interleave(9, Buffer.alloc(20)), interleave(0, Buffer.alloc(3)), interleave(1, Buffer.alloc(3)), pull.picture(0));
    await pull.until(() => pull.events.length === 2);
    expect(pull.events[1]).toBe('video 7 at 0');
  });

  it('ends once, with nothing held', async () => {
    const pull = await Pull.start();
    pull.send(pull.picture(0), sound(0));
    await pull.until(() => pull.events.length >= 2);
    await pull.source.stop();
    expect([pull.events.filter((event) => event.startsWith('ended')), pull.pool.slabsInUse, pull.clock.timerCount]).toEqual([
      ['ended stopped'],
      0,
      0,
    ]);
  });

  it('refuses what is no RTSP URL', () => {
    const clock = new FakeClock();
    const ends: string[] = [];
    const ignore = (): void => undefined;
    createRtspSource(
      { url: 'http://camera/', credentials: null, transport: 'tcp', clock, pool: new SlabPool(), originMonotonicMs: 0, lastGeneration: 0 },
      { onTracks: ignore, onFrame: ignore, onLoss: ignore, onEnded: (reason) => ends.push(reason) },
    );
    clock.advance(1);
    expect(ends).toEqual(['address-unresolved']);
  });
});
