/** Still pictures taken from a video element: the one that stays when the stream is gone, and snapshots to keep. */
import { formatMoment } from '../clock/moment-text.ts';

/** Width of the picture that stays, px: it is shown dimmed, and 25 of them must not cost much memory. */
const keptWidthPx = 640;

/** Draws what the video shows into the canvas. False when the video has shown nothing yet. */
export function keepLastPicture(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return false;
  const scale = Math.min(1, keptWidthPx / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return true;
}

/** The picture on screen in full size as JPEG; null when there is none. */
export async function takeSnapshot(video: HTMLVideoElement): Promise<Blob | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/**
 * `滨江苑东门_2026-11-21_20-16-42.jpg`: when the picture was taken, not when it was saved; characters that file systems refuse are replaced.
 * `nowMs`, ms since 1970; `ageMs` null: not measured. `notLiveWord` marks a picture that was not live, null none.
 */
export function snapshotFileName(of: {
  readonly cameraName: string;
  readonly nowMs: number;
  readonly ageMs: number | null;
  readonly notLiveWord: string | null;
}): string {
  const parts = [of.cameraName, formatMoment(of.nowMs - (of.ageMs ?? 0)), ...(of.notLiveWord === null ? [] : [of.notLiveWord])];
  return parts.join('_').replaceAll(/[\\/:*?"<>|\s]+/g, (run) => (run.trim() === '' ? '_' : '-')) + '.jpg';
}
