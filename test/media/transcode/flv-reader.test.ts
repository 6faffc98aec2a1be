import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlvReader } from '../../../media/transcode/flv-reader.ts';

const header = Buffer.from('464c5601010000000900000000', 'hex');

function tag(type: number, timeMs: number, body: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head[0] = type;
  head.writeUIntBE(body.length, 1, 3);
  head.writeUIntBE(timeMs % 2 ** 24, 4, 3);
  head[7] = Math.floor(timeMs / 2 ** 24);
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

const sps = Buffer.from('6742c01ed9', 'hex');
const pps = Buffer.from('68ce1f20', 'hex');
const configuration = tag(
  9,
  0,
  Buffer.concat([Buffer.from('17000000000142c01effe1', 'hex'), Buffer.from([0, sps.length]), sps, Buffer.from([1, 0, pps.length]), pps]),
);
const keyPicture = tag(9, 40, Buffer.concat([Buffer.from('1701000000', 'hex'), Buffer.from('0000000165', 'hex')]));
const latePicture = tag(9, 2 ** 24 + 7, Buffer.concat([Buffer.from('2701000002', 'hex'), Buffer.from('000000024101', 'hex')]));
const script = tag(18, 0, Buffer.from('onMetaData'));
const stream = Buffer.concat([header, script, configuration, keyPicture, latePicture]);

function read(chunks: readonly Buffer[]): { readonly said: string[]; readonly isSound: boolean } {
  const said: string[] = [];
  const reader = new FlvReader({
    onConfiguration: (spsSets, ppsSets) => said.push(`configuration ${spsSets[0]?.toString('hex')} ${ppsSets[0]?.toString('hex')}`),
    onPicture: (bytes, start, end, timeMs, isKeyFrame) =>
      said.push(`${isKeyFrame ? 'key' : 'picture'} ${timeMs} ${bytes.toString('hex', start, end)}`),
  });
  const answers = chunks.map((chunk) => reader.push(chunk));
  return { said, isSound: answers.every(Boolean) };
}

describe('FlvReader', () => {
  const expected = [`configuration ${sps.toString('hex')} ${pps.toString('hex')}`, 'key 40 0000000165', `picture ${2 ** 24 + 9} 000000024101`];

  it('reads parameter sets and pictures with their presentation times', () => {
    expect(read([stream])).toEqual({ said: expected, isSound: true });
  });

  it('reads the same byte by byte, and split anywhere', () => {
    expect(read([...stream].map((byte) => Buffer.from([byte]))).said).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const chunks = at.slice(1).map((end, index) => stream.subarray(at[index], end));
        expect(read(chunks)).toEqual({ said: expected, isSound: true });
      }),
    );
  });

  it('says when it is something else, and hears no more of it', () => {
    expect(read([Buffer.from('RIFF and more bytes')]).isSound).toBe(false);
    const noH264 = tag(9, 0, Buffer.from('1200000000', 'hex'));
    expect(read([header, noH264, keyPicture])).toEqual({ said: [], isSound: false });
    expect(read([header, Buffer.from('09ffffff00000000000000', 'hex')]).isSound).toBe(false);
    expect(read([header, tag(9, 0, Buffer.from('17000000000142c01effe1ffff', 'hex'))]).isSound).toBe(false);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        read([header, ...chunks.map((chunk) => Buffer.from(chunk))]);
      }),
    );
  });
});
