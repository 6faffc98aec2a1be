import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspFraming } from '../../../media/rtsp/rtsp-framing.ts';
import { interleave } from '../rtp/rtp-builder.ts';

/** Feeds `bytes` in the given pieces, each through the same reused buffer as a socket would; returns what came out. */
function frame(bytes: Buffer, pieceSizes: Iterable<number>): { out: unknown[]; failure: string | null } {
  const out: unknown[] = [];
  const framing = new RtspFraming({
    onInterleaved: (channel, chunk, start, end) => out.push({ channel, payload: chunk.toString('hex', start, end) }),
    onMessage: (message) => out.push({ ...message, headers: Object.fromEntries(message.headers), body: message.body.toString('latin1') }),
  });
  const readBuffer = Buffer.alloc(bytes.length + 1);
  let position = 0;
  for (const size of pieceSizes) {
    const length = Math.min(size, bytes.length - position);
    readBuffer.fill(0xee);
    bytes.copy(readBuffer, 0, position, position + length);
    framing.push(readBuffer, length);
    framing.checkInvariants();
    position += length;
  }
  readBuffer.fill(0xee);
  framing.push(readBuffer, 0);
  return { out, failure: framing.failure };
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<number> {
  let left = bytes.length;
  for (let index = 0; left > 0; index += 1) {
    const size = Math.max(1, sizes[index % Math.max(1, sizes.length)] ?? left);
    yield size;
    left -= size;
  }
}

function everyWay(bytes: Buffer): { out: unknown[]; failure: string | null } {
  const whole = frame(bytes, [bytes.length]);
  expect(frame(bytes, cut(bytes, [1]))).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      expect(frame(bytes, cut(bytes, sizes))).toEqual(whole);
    }),
    { numRuns: 30 },
  );
  return whole;
}

const options = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n';
const describeAnswer = 'RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n';

describe('RtspFraming', () => {
  it('cuts messages and packets, however the bytes arrive', () => {
    const packets = [Buffer.from('01', 'hex'), Buffer.alloc(0), Buffer.alloc(3000, 0xab), Buffer.from('24000001', 'hex')];
    const parts = [
      options,
      interleave(0, packets[0]!),
      describeAnswer,
      interleave(1, packets[1]!),
      interleave(255, packets[2]!),
      interleave(2, packets[3]!),
      options,
    ];
    const { out, failure } = everyWay(Buffer.concat(parts.map((part) => Buffer.from(part))));
    expect(failure).toBeNull();
    const optionsMessage = {
      kind: 'response',
      status: 200,
      reasonPhrase: 'OK',
      headers: { cseq: ['1'], public: ['OPTIONS, DESCRIBE'] },
      body: '',
    };
    expect(out).toEqual([
      optionsMessage,
      { channel: 0, payload: '01' },
      { ...optionsMessage, headers: { cseq: ['2'], 'content-length': ['5'] }, body: 'v=0\r\n' },
      { channel: 1, payload: '' },
      { channel: 255, payload: 'ab'.repeat(3000) },
      { channel: 2, payload: '24000001' },
      optionsMessage,
    ]);
  });

  it('takes requests of the camera', () => {
    const { out } = everyWay(Buffer.from('GET_PARAMETER rtsp://a/b RTSP/1.0\r\nCSeq: 9\r\n\r\n'));
    expect(out).toEqual([{ kind: 'request', method: 'GET_PARAMETER', uri: 'rtsp://a/b', headers: { cseq: ['9'] }, body: '' }]);
  });

  it('tolerates bare line feeds, and an empty line behind a body', () => {
    const { out, failure } = everyWay(Buffer.from(`${describeAnswer}\r\n\r\nRTSP/1.0 200 OK\nCSeq: 3\n\n$\0\0\x01a`));
    expect([out.length, failure]).toEqual([3, null]);
  });

  it.each([
    ['a byte that begins nothing', Buffer.from([0x00, 1, 2, 3])],
    ['a head without end', Buffer.from(`RTSP/1.0 200 OK\r\n${'X-A: b\r\n'.repeat(4000)}`)],
    ['a body that is too long', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 300000\r\n\r\n')],
    ['a length that is none', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n')],
    ['too many headers', Buffer.from(`RTSP/1.0 200 OK\r\n${Array.from({ length: 200 }, (_, index) => `X${index}: b\r\n`).join('')}\r\n`)],
    ['a line that is no start line', Buffer.from('HTTP/1.1 200 OK\r\nA: b\r\n\r\n')],
  ])('fails at %s', (_, bytes) => {
    const { out, failure } = everyWay(bytes);
    expect(out).toEqual([]);
    expect(failure).toEqual(expect.any(String));
  });

  it('hands on nothing once it is stopped in the middle of a chunk', () => {
    const channels: number[] = [];
    const framing: RtspFraming = new RtspFraming({
      onInterleaved: (channel) => {
        channels.push(channel);
        framing.stop();
      },
      onMessage: () => undefined,
    });
    const bytes = Buffer.concat([interleave(1, Buffer.alloc(3)), interleave(2, Buffer.alloc(3))]);
    framing.push(bytes, bytes.length);
    expect(channels).toEqual([1]);
  });

  it('survives random and mutated bytes with the same outcome for every split', () => {
    const sound = Buffer.concat([
      Buffer.from(options),
      interleave(0, Buffer.alloc(40, 7)),
      Buffer.from(describeAnswer),
      interleave(1, Buffer.alloc(9)),
    ]);
    const mutated = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => changes.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), Buffer.from(sound)));
    const random = fc.uint8Array({ maxLength: 400 }).map((raw) => Buffer.from(raw));
    const dollars = fc.uint8Array({ maxLength: 400 }).map((raw) => Buffer.concat([Buffer.from([0x24]), Buffer.from(raw)]));
    fc.assert(
      fc.property(fc.oneof(mutated, random, dollars), fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 }), (bytes, sizes) => {
        expect(frame(bytes, cut(bytes, sizes))).toEqual(frame(bytes, [bytes.length]));
      }),
      { numRuns: 400 },
    );
  });
});
