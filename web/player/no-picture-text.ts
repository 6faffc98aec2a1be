/** Says in words why a picture is not live: the camera's measured reason first, then what this player ran into. */
import type { CameraState } from '../../server/contract/cameras.ts';
import type { Interruption } from './driver.ts';
import type { LiveState } from './live-machine.ts';
import type { PictureVerdict } from './picture-age.ts';

/** Keys of texts, in order; the component translates and joins them with " · ". */
export interface NoPictureText {
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/**
 * Empty while the picture is live. `nowMs` and `serverNowMs`: the browser's and the server's clock, for the seconds until
 * the next attempt.
 */
export function explainNoPicture(facts: {
  live: LiveState;
  verdict: PictureVerdict;
  camera: CameraState;
  /** What the node said of the camera on the way that plays, before the server does; null: nothing. */
  interruption: Interruption | null;
  nowMs: number;
  serverNowMs: number;
}): readonly NoPictureText[] {
  const { live, camera, interruption } = facts;
  if (live.kind === 'playing' && facts.verdict === 'live') return [];
  const isCameraDown = camera.status === 'offline' || camera.status === 'unknown' || camera.status === 'connecting';
  if (isCameraDown) {
    const what = camera.reason === null ? `reason.status.${camera.status}` : `reason.noPicture.${camera.reason}`;
    if (camera.status !== 'offline') return [{ key: what }];
    return [{ key: what }, retryText(camera.retryAt === null ? null : Date.parse(camera.retryAt) - facts.serverNowMs)];
  }
  if (interruption !== null && (live.kind === 'playing' || live.kind === 'opening')) {
    if (interruption.code !== undefined) return [{ key: `player.failure.${interruption.code}` }];
    return [{ key: interruption.reason === null ? 'player.interrupted' : `reason.noPicture.${interruption.reason}` }];
  }
  switch (live.kind) {
    case 'off':
      return [];
    case 'opening':
      return [{ key: 'player.opening' }];
    case 'playing':
      return camera.reason === null ? [{ key: 'player.lagging' }] : [{ key: `reason.noPicture.${camera.reason}` }];
    case 'waiting':
      return [{ key: `player.failure.${live.failure.code}` }, retryText(live.retryAtMs - facts.nowMs)];
    case 'unplayable':
      return [
        {
          key:
            live.code === 'no-stream' || live.code === 'codec' || live.code === 'chosen-way'
              ? `player.unplayable.${live.code}`
              : `player.failure.${live.code}`,
        },
      ];
  }
}

function retryText(inMs: number | null): NoPictureText {
  if (inMs === null || inMs <= 0) return { key: 'player.retrying' };
  return { key: 'player.retryIn', values: { seconds: Math.ceil(inMs / 1000) } };
}
