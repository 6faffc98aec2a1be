import { describe, expect, it } from 'vitest';
import { PictureReader } from '../../../media/inspect/picture-reader.ts';

function line(number: number, sizeBytes: number): string {
  return `0, ${number}, ${number}, 1, ${sizeBytes}, 0x55437094, S=1, 8\n`;
}

function collect(maxPictureBytes = 1000) {
  const pictures: [number, string][] = [];
  const reader = new PictureReader(maxPictureBytes, { onPicture: (number, bytes) => pictures.push([number, bytes.toString()]) });
  return { reader, pictures };
}

describe('PictureReader', () => {
  it.each([1, 3, 1000])('gives each picture its number, however the pipes cut them (%i bytes)', (step) => {
    const { reader, pictures } = collect();
    const index = `#software: Lavf\n#tb 0: 1/1\n${line(4, 3)}${line(12, 5)}`;
    const bytes = Buffer.from('oneother');
    for (let at = 0; at < index.length; at += step) expect(reader.pushIndex(index.slice(at, at + step))).toBe(true);
    for (let at = 0; at < bytes.length; at += step) expect(reader.pushPictures(bytes.subarray(at, at + step))).toBe(true);
    expect(pictures).toEqual([
      [4, 'one'],
      [12, 'other'],
    ]);
  });

  it('waits for the line when the picture is there first', () => {
    const { reader, pictures } = collect();
    reader.pushPictures(Buffer.from('pic'));
    expect(pictures).toEqual([]);
    reader.pushIndex(line(8, 3));
    expect(pictures).toEqual([[8, 'pic']]);
  });

  it('waits for the lines of a picture and of what pushed it out', () => {
    const { reader, pictures } = collect();
    expect(reader.pushPictures(Buffer.alloc(2000, 'p'))).toBe(true);
    reader.pushIndex(line(4, 1000) + line(6, 1000));
    expect(pictures.map(([number]) => number)).toEqual([4, 6]);
  });

  it('does not trust a process that writes no sense, or more than pictures under way hold', () => {
    expect(collect().reader.pushIndex('what is this\n')).toBe(false);
    expect(collect().reader.pushIndex(line(4, 1001))).toBe(false);
    expect(collect().reader.pushIndex(line(4, 0))).toBe(false);
    expect(collect().reader.pushIndex('0'.repeat(500))).toBe(false);
    expect(collect().reader.pushPictures(Buffer.alloc(4001))).toBe(false);
  });
});
