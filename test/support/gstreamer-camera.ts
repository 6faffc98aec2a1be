/**
 * A camera that nobody of this project wrote: GStreamer's RTSP server with a moving ball. It needs Debian's
 * `gstreamer1.0-tools`, `gstreamer1.0-plugins-{base,good,bad,ugly}`, `gstreamer1.0-libav`, `gir1.2-gst-rtsp-server-1.0` and `python3-gi`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the camera sends. */
export interface GstreamerCameraOptions {
  readonly video?: 'h264' | 'h265';
  readonly audio?: 'none' | 'aac' | 'pcma' | 'pcmu';
  /** Asks for Digest credentials when given. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly bitrateKbps?: number;
  /** Parameter sets before each key frame, too; otherwise in the SDP only. */
  readonly hasParameterSetsInBand?: boolean;
  /** 0 (the default): a free one. */
  readonly port?: number;
}

/** A running GStreamer camera. */
export interface GstreamerCamera {
  readonly port: number;
  /** Without credentials. */
  readonly url: string;
  close(): Promise<void>;
}

/** Debian's own Python: another one lacks the GStreamer bindings. */
const PYTHON = '/usr/bin/python3';

/** Starts the camera. Rejects with what is missing and how to install it, if GStreamer is not there. */
export async function startGstreamerCamera(options: GstreamerCameraOptions = {}): Promise<GstreamerCamera> {
  const settings = {
    video: options.video ?? 'h264',
    audio: options.audio ?? 'none',
    username: options.credentials?.username ?? null,
    password: options.credentials?.password ?? null,
    width: options.width ?? 640,
    height: options.height ?? 360,
    fps: options.fps ?? 15,
    kbps: options.bitrateKbps ?? 500,
    inBand: options.hasParameterSetsInBand ?? true,
    port: options.port ?? 0,
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
    url: `rtsp://127.0.0.1:${port}/stream`,
    close: async () => {
      child.stdin.end();
      child.kill('SIGTERM');
      await exited;
    },
  };
}
