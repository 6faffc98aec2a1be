import { describe, expect, it } from 'vitest';
import { writeIvfHeader, writeIvfPacket } from '../../../media/ffmpeg/ivf.ts';

describe('IVF', () => {
  it('writes the header with its time base', () => {
    expect(writeIvfHeader(1000).toString('hex')).toBe('444b4946000020004832363410001000e8030000010000000000000000000000');
  });

  it('writes packets behind size and time, beyond 32 bits too', () => {
    expect(writeIvfPacket(Buffer.from('abc'), 2 ** 32 + 5).toString('hex')).toBe('030000000500000001000000616263');
  });
});
