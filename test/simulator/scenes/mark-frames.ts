/**
 * Reads raw RGBA pictures from standard input, burns the frame mark into each, and writes them to standard output:
 * the step between `ffmpeg -f rawvideo` and the encoder when a clip is not drawn by the scene builder.
 *
 *     node test/simulator/scenes/mark-frames.ts 1280 720
 */
import { drawFrameMark } from '../frame-mark.ts';

const [width = 0, height = 0] = process.argv.slice(2).map(Number);
const picture = Buffer.alloc(width * height * 4);
let filled = 0;
let frame = 0;

for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
  let taken = 0;
  while (taken < chunk.length) {
    const copied = chunk.copy(picture, filled, taken);
    taken += copied;
    filled += copied;
    if (filled < picture.length) continue;
    drawFrameMark(picture, width, height, frame++, 4);
    if (!process.stdout.write(Buffer.from(picture))) {
      await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    filled = 0;
  }
}
