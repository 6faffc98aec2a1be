import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteWriter } from '../../../media/bytes/byte-writer.ts';
import { ntpToWallClockMs, writeNtpTime } from '../../../media/fmp4/ntp-time.ts';

it('keeps every millisecond from 1970 to 2100, over the turn of the era in 2036', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (wallClockMs) => {
      const writer = new ByteWriter(Buffer.alloc(8));
      writeNtpTime(writer, wallClockMs);
      expect(ntpToWallClockMs(writer.bytes.readUInt32BE(0), writer.bytes.readUInt32BE(4))).toBe(wallClockMs);
    }),
    { examples: [[Date.UTC(2036, 1, 7, 6, 28, 15, 999)], [Date.UTC(2036, 1, 7, 6, 28, 16)]] },
  );
});
