/**
 * Cameras that nobody of this project wrote: GStreamer's RTSP server with a moving ball, or with what another encoder feeds it.
 * It needs Debian's `gstreamer1.0-plugins-{base,good,bad,ugly}`, `gstreamer1.0-libav`, `gir1.2-gst-rtsp-server-1.0` and `python3-gi`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What one stream shows. */
export interface GstreamerStreamOptions {
  /** `…-reordered` has B-frames. */
  readonly video?: 'h264' | 'h264-reordered' | 'h265' | 'h265-reordered';
  readonly audio?: 'none' | 'aac' | 'pcma' | 'pcmu' | 'opus';
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly bitrateKbps?: number;
  /** Parameter sets before each key frame, too; otherwise in the SDP only. */
  readonly hasParameterSetsInBand?: boolean;
  /** TCP port where MPEG-TS of these codecs can be fetched (`ffmpeg-feed.ts`); the size and rate above are the feed's then. */
  readonly feedPort?: number;
}

/** How the server is reached. */
export interface GstreamerServerOptions {
  /** Asks for Digest credentials when given. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** 0 (the default): a free one. */
  readonly port?: number;
}

/** A server with one stream. */
export type GstreamerCameraOptions = GstreamerStreamOptions & GstreamerServerOptions;

/** A running GStreamer camera. */
export interface GstreamerCamera {
  readonly port: number;
  /** Without credentials. */
  readonly url: string;
  close(): Promise<void>;
}

/** A running server with several streams. */
export interface GstreamerServer {
  readonly port: number;
  /** RTSP address of a stream, without credentials. */
  urlOf(name: string): string;
  close(): Promise<void>;
}

/** Debian's own Python: another one lacks the GStreamer bindings. */
const PYTHON = '/usr/bin/python3';

/** Starts a camera with one stream. Rejects like {@link startGstreamerServer}. */
export async function startGstreamerCamera(options: GstreamerCameraOptions = {}): Promise<GstreamerCamera> {
  const server = await startGstreamerServer({ stream: options }, options);
  return { port: server.port, url: server.urlOf('stream'), close: () => server.close() };
}

/** Starts a server with a stream for each name. Rejects with what is missing and how to install it, if GStreamer is not there. */
export async function startGstreamerServer(
  streams: Readonly<Record<string, GstreamerStreamOptions>>,
  options: GstreamerServerOptions = {},
): Promise<GstreamerServer> {
  const settings = {
    username: options.credentials?.username ?? null,
    password: options.credentials?.password ?? null,
    port: options.port ?? 0,
    streams: Object.entries(streams).map(([name, stream]) => ({
      path: `/${name}`,
      video: stream.video ?? 'h264',
      audio: stream.audio ?? 'none',
      width: stream.width ?? 640,
      height: stream.height ?? 360,
      fps: stream.fps ?? 15,
      kbps: stream.bitrateKbps ?? 500,
      inBand: stream.hasParameterSetsInBand ?? true,
      feed: stream.feedPort ?? null,
    })),
  };
  const script = join(import.meta.dirname, 'gstreamer-camera.py');
  const child = spawn(PYTHON, [script, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-2000)));
  const exited = once(child, 'exit').catch(() => undefined);
  const failed = once(child, 'close').then(
    () => null,
    (error: unknown) => {
      complaint = String(error);
      return null;
    },
  );
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line').then(([text]: string[]) => text ?? null), failed]);
  if (line === null) {
    throw new Error(
      `GStreamer's RTSP server did not start; install it with: apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 ` +
        `gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav\n${complaint}`,
    );
  }
  const { port } = JSON.parse(line) as { port: number };
  return {
    port,
    urlOf: (name) => `rtsp://127.0.0.1:${port}/${name}`,
    close: async () => {
      child.stdin.end();
      child.kill('SIGTERM');
      await exited;
    },
  };
}
