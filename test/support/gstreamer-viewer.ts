/** GStreamer's webrtcbin as a viewer; see the Python file beside this one. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What it says whenever another 25 frames are decoded. */
export interface DecodedNews {
  readonly width: number;
  readonly height: number;
  readonly decoded: number;
}

/**
 * Watches with the offer that webrtcbin makes until `frames` are decoded. `answer` exchanges the descriptions. Needs Debian's
 * `gstreamer1.0-nice` and `gir1.2-gst-plugins-bad-1.0`. Rejects when it ends before.
 */
export async function watchByGstreamer(codec: 'H264' | 'H265', frames: number, answer: (offerSdp: string) => Promise<string>): Promise<DecodedNews> {
  const script = fileURLToPath(new URL('gstreamer-viewer.py', import.meta.url));
  const viewer = spawn('/usr/bin/python3', [script, codec], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => viewer.once('exit', () => resolve()));
  try {
    for await (const line of createInterface({ input: viewer.stdout })) {
      const said: { readonly offer: string } | DecodedNews = JSON.parse(line);
      if ('offer' in said) viewer.stdin.write(`${JSON.stringify({ answer: await answer(said.offer) })}\n`);
      else if (said.decoded >= frames) return said;
    }
    throw new Error('the GStreamer viewer ended early');
  } finally {
    viewer.kill();
    await exited;
  }
}
