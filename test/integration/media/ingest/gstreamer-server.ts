/** Starts GStreamer's RTSP server; see the Python file beside this one for its streams. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface GstreamerServer {
  /** Base URL without authentication. */
  readonly openUrl: string;
  /** Base URL that asks for Digest; the account is admin, geheim. */
  readonly digestUrl: string;
  close(): Promise<void>;
}

/** Needs Debian's `gir1.2-gst-rtsp-server-1.0`, `gstreamer1.0-plugins-ugly`, `-bad` and `gstreamer1.0-libav`. */
export async function startGstreamerServer(): Promise<GstreamerServer> {
  const script = fileURLToPath(new URL('gstreamer-server.py', import.meta.url));
  const server = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout });
  const ended = once(server, 'exit').then(() => {
    throw new Error('the GStreamer server ended before it listened');
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => undefined);
  const ports: unknown = JSON.parse(line);
  const portOf = (name: string): string => String((ports as Record<string, unknown>)[name]);
  return {
    openUrl: `rtsp://127.0.0.1:${portOf('open')}`,
    digestUrl: `rtsp://127.0.0.1:${portOf('digest')}`,
    close: async () => {
      const exited = once(server, 'exit');
      server.kill();
      await exited;
    },
  };
}
