/** Plays one camera's recordings of one ticket by HLS, addressed by true time. */
import type Hls from 'hls.js';
import { withTicket } from '../player/driver.ts';
import { withoutTextTracks } from '../player/hls-options.ts';
import { trueTimeOf, videoTimeOf, type TimedFragment } from './wall-clock-map.ts';

export interface PlaybackListener {
  /** The playlist is there: seeking works from now on. */
  ready(): void;
  failed(code: 'not-recorded' | 'refused' | 'connection-lost' | 'codec'): void;
}

export class PlaybackDriver {
  readonly #video: HTMLVideoElement;
  readonly #listener: PlaybackListener;
  #hls: Hls | null = null;
  #fragments: readonly TimedFragment[] = [];
  #isClosed = false;

  constructor(video: HTMLVideoElement, listener: PlaybackListener) {
    this.#video = video;
    this.#listener = listener;
  }

  /** Loads the playlist and stands at `atMs`. */
  async open(ticket: { ticket: string; urls: { hls: string } }, atMs: number): Promise<void> {
    const { default: HlsPlayer } = await import('hls.js');
    if (this.#isClosed) return;
    const hls = new HlsPlayer({
      autoStartLoad: false,
      maxBufferLength: 30,
      backBufferLength: 30,
      ...withoutTextTracks,
      xhrSetup: (request, url) => request.open('GET', withTicket(url, ticket.ticket), true),
    });
    this.#hls = hls;
    hls.on(HlsPlayer.Events.LEVEL_LOADED, (_event, { details }) => {
      const isFirst = this.#fragments.length === 0;
      this.#fragments = details.fragments
        .filter((fragment) => fragment.programDateTime !== null)
        .map((fragment) => ({ startSeconds: fragment.start, durationSeconds: fragment.duration, recordedAtMs: fragment.programDateTime ?? 0 }));
      if (isFirst) this.#listener.ready();
    });
    hls.on(HlsPlayer.Events.MANIFEST_PARSED, () => hls.startLoad(0));
    hls.on(HlsPlayer.Events.LEVEL_LOADED, () => this.seek(atMs));
    hls.on(HlsPlayer.Events.ERROR, (_event, data) => {
      if (!data.fatal || this.#isClosed) return;
      const status = data.response?.code ?? 0;
      if (data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR) this.#listener.failed('codec');
      else if (status === 404) this.#listener.failed('not-recorded');
      else this.#listener.failed(status === 401 || status === 403 ? 'refused' : 'connection-lost');
    });
    hls.attachMedia(this.#video);
    hls.loadSource(ticket.urls.hls);
  }

  /** True time of the picture on screen, ms since 1970; null before there is one. */
  shownMs(): number | null {
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || this.#video.seeking) return null;
    return trueTimeOf(this.#video.currentTime, this.#fragments);
  }

  /** Goes to a true moment; in a gap, to the picture after it. False when nothing is recorded from there on. */
  seek(atMs: number): boolean {
    const place = videoTimeOf(atMs, this.#fragments);
    if (place === null) return false;
    this.#video.currentTime = place.seconds + 0.001;
    return true;
  }

  /** One picture on or back; the video must stand. `framesPerSecond` of the recording. */
  step(direction: 1 | -1, framesPerSecond: number): void {
    this.#video.currentTime = Math.max(0, this.#video.currentTime + direction / framesPerSecond);
  }

  close(): void {
    this.#isClosed = true;
    this.#hls?.destroy();
    this.#hls = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }
}
