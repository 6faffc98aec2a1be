/** hls.js in Chromium plays what the packager and the playback reader give. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { createPlaybackReader } from '../../../media/playback/playback-reader.ts';
import { openBrowser } from '../../support/chromium.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { serveHls, servePlayback } from '../../support/hls-server.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hlsScript = fileURLToPath(new URL('../../../node_modules/hls.js/dist/hls.min.js', import.meta.url));

/** What the page knows of its player. */
interface PlayerState {
  readonly currentSeconds: number;
  readonly playingDateMs: number;
  readonly decodedFrames: number;
  readonly bufferedRanges: number;
  readonly fatal: string | null;
  readonly partTargetSeconds: number;
}

async function play(url: string, lowLatency: boolean): Promise<() => Promise<PlayerState>> {
  const browser = await openBrowser({ width: 800, height: 500 });
  onTestFinished(() => browser.close());
  const page = await browser.context.newPage();
  await page.setContent('<video muted autoplay></video>');
  await page.addScriptTag({ path: hlsScript });
  await page.evaluate(`(() => {
    const video = document.querySelector('video');
    const hls = new Hls({ lowLatencyMode: ${String(lowLatency)} });
    window.player = { hls, video, fatal: null };
    hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) window.player.fatal = data.details + ': ' + data.reason; });
    hls.loadSource(${JSON.stringify(url)});
    hls.attachMedia(video);
  })()`);
  const state = (): Promise<PlayerState> =>
    page.evaluate(`(() => {
      const { hls, video, fatal } = window.player;
      return {
        currentSeconds: video.currentTime,
        playingDateMs: hls.playingDate ? hls.playingDate.getTime() : 0,
        decodedFrames: video.getVideoPlaybackQuality().totalVideoFrames,
        bufferedRanges: video.buffered.length,
        fatal,
        partTargetSeconds: hls.latestLevelDetails ? hls.latestLevelDetails.partTarget : 0,
      };
    })()`);
  return state;
}

/** Looks every 200 ms until `isThere`; the test's own time-out ends it otherwise. */
async function until(state: () => Promise<PlayerState>, isThere: (state: PlayerState) => boolean): Promise<PlayerState> {
  for (;;) {
    const now = await state();
    if (now.fatal !== null || isThere(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('hls.js', () => {
  it('plays live with low latency, and goes on after an interruption of the camera', async () => {
    const hub = new ClipHub();
    const packager = createHlsPackager({ clock: systemClock });
    hub.addSink(packager, 'cached-group');
    hub.play();
    onTestFinished(() => {
      hub.stop();
      packager.close();
    });
    const requests: string[] = [];
    const state = await play(await serveHls(packager, requests), true);
    const playing = await until(state, ({ decodedFrames }) => decodedFrames > 60);
    expect(playing.fatal).toBeNull();
    expect(playing.partTargetSeconds).toBeCloseTo(0.433, 3);
    expect(requests.some((path) => path.includes('_HLS_part='))).toBe(true);
    expect(requests.some((path) => path.includes('/part-'))).toBe(true);
    // The date of the picture is the arrival of its frame at the node, so it tells the age.
    expect(Date.now() - playing.playingDateMs).toBeGreaterThan(0);
    expect(Date.now() - playing.playingDateMs).toBeLessThan(10_000);

    packager.onInterrupted();
    hub.tracks = { ...hub.tracks, generation: 2 };
    packager.onTracks(hub.tracks);
    const after = await until(state, ({ decodedFrames }) => decodedFrames > playing.decodedFrames + 90);
    expect(after.fatal).toBeNull();
    expect(after.playingDateMs - playing.playingDateMs).toBeGreaterThan(5_000);
  });

  it('plays recordings with G.711 over a change of file and a gap', async () => {
    const directory = await temporaryFolder();
    const camera = new RecordedCamera(directory, 'gate', { audio: 'pcma' });
    await camera.record(5);
    camera.feeder.pause(30);
    camera.feeder.rewind();
    await camera.record(5);
    await camera.stop();
    const [first, second] = camera.files.values();
    if (first === undefined || second === undefined) throw new Error('two files were expected');
    const reader = createPlaybackReader({ directory });
    const state = await play(await servePlayback(reader, { cameraId: 'gate', role: 'main', fromMs: first.fromMs, toMs: second.toMs }), false);
    const end = await until(state, ({ currentSeconds, decodedFrames }) => currentSeconds > 8 && decodedFrames > 110);
    expect(end.fatal).toBeNull();
    expect(end.bufferedRanges).toBe(1);
    expect(end.playingDateMs).toBeGreaterThanOrEqual(second.fromMs);
    expect(end.playingDateMs).toBeLessThanOrEqual(second.toMs);
  });
});
