/** From the demo district to the simulator: which clip each camera shows, how it behaves, and the addresses the platform is told. */
import type { CameraConfigInput, SimulatorConfigInput } from '../simulator/camera-config.ts';
import type { Clip } from '../simulator/clip-catalogue.ts';
import type { DemoCamera } from './district/types.ts';

/** What the demo's cameras ask of whoever pulls them; every third one asks for nothing. */
export const cameraCredentials = { username: 'viewer', password: 'camera-2026' };

/** Ports of an earlier run, so that a camera keeps its address; 0 and absent: a free one. */
export interface RememberedPorts {
  readonly rtspPort: number;
  readonly httpPort: number;
}

/** The simulator's configuration; its cameras stand in the order of `cameras`. */
export function composeSimulator(cameras: readonly DemoCamera[], clips: readonly Clip[], remembered: RememberedPorts): SimulatorConfigInput {
  const uses = new Map<string, number>();
  return {
    rtspPort: remembered.rtspPort,
    httpPort: remembered.httpPort,
    cameras: cameras.map((camera, index) => {
      const clip = chooseClip(camera, clips, uses);
      uses.set(clip.id, (uses.get(clip.id) ?? 0) + 1);
      return configureCamera(camera, clip, index);
    }),
  };
}

/** Addresses with credentials, as an administrator would enter them. */
export function streamUrls(
  address: { readonly mainUrl: string; readonly subUrl: string },
  index: number,
): { readonly main: string; readonly sub: string } {
  return { main: withCredentials(address.mainUrl, index), sub: withCredentials(address.subUrl, index) };
}

/** Places that may stand in for each other when a district has more cameras of a kind than there are clips. */
const relatedPlaces: readonly (readonly string[])[] = [
  ['building-entrance', 'stairwell', 'elevator-lobby'],
  ['road', 'alley', 'boundary-wall', 'gate'],
  ['courtyard', 'parking'],
];

/** The clip that fits codec, place and light best, the least used one first, so that few tiles look alike. */
function chooseClip(camera: DemoCamera, clips: readonly Clip[], uses: ReadonlyMap<string, number>): Clip {
  const isRelated = (place: string): boolean => relatedPlaces.some((places) => places.includes(place) && places.includes(camera.clip.place));
  const score = (clip: Clip): number =>
    (clip.files.main.codec === camera.codec ? 1000 : 0) +
    (clip.place === 'test-card' ? 0 : 100) +
    (clip.place === camera.clip.place ? 20 : isRelated(clip.place) ? 12 : 0) +
    (clip.light === camera.clip.light ? 6 : 0) -
    (uses.get(clip.id) ?? 0) * 5;
  const best = clips.reduce<Clip | null>((chosen, clip) => (chosen === null || score(clip) > score(chosen) ? clip : chosen), null);
  if (best === null) throw new Error('the simulator has no clips');
  return best;
}

function configureCamera(camera: DemoCamera, clip: Clip, index: number): CameraConfigInput {
  const controlStyles = ['relative', 'absolute', 'query'] as const;
  return {
    clip: clip.id,
    title: camera.name,
    audio: camera.audio,
    authentication: asksNothing(index) ? { kind: 'none' } : { kind: index % 3 === 1 ? 'digest' : 'basic', ...cameraCredentials },
    controlStyle: controlStyles[index % controlStyles.length] ?? 'relative',
    start: 'cached-key-frame',
    // A camera that refuses must refuse at its own address, not at its neighbours'.
    ownPort: camera.fault?.kind === 'refuse' || camera.fault?.kind === 'reboot',
    schedule: camera.fault === null ? [] : [camera.fault],
  };
}

function asksNothing(index: number): boolean {
  return index % 3 === 0;
}

function withCredentials(address: string, index: number): string {
  if (asksNothing(index)) return address;
  const url = new URL(address);
  url.username = cameraCredentials.username;
  url.password = cameraCredentials.password;
  return url.href;
}
