/** Writes the views that have been drawn into `clips.json`, beside the test cards. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Clip } from '../clip-catalogue.ts';

/** A view as the page describes it. */
export interface DrawnView {
  readonly id: string;
  /** Burnt into the picture. */
  readonly title: string;
  readonly english: string;
  readonly place: string;
  readonly hours: 'day' | 'night';
  readonly codec: 'h264' | 'h265';
}

const FOLDER = join(import.meta.dirname, '..');
const LIST = join(FOLDER, 'clips.json');

/** Lists the views whose files are there, in their order; clips that are no views stay. */
export function listClips(views: readonly DrawnView[]): void {
  const { clips } = JSON.parse(readFileSync(LIST, 'utf8')) as { clips: Clip[] };
  const others = clips.filter((clip) => !views.some((view) => view.id === clip.id));
  const drawn = views.filter((view) => existsSync(join(FOLDER, 'clips', `${view.id}.main.${view.codec}`))).map(describe);
  writeFileSync(LIST, `${JSON.stringify({ clips: [...drawn, ...others] }, null, 2)}\n`);
}

function describe({ id, title, english, place, hours, codec }: DrawnView): Clip {
  const [large, small] = [
    { width: 1280, height: 720 },
    { width: 640, height: 360 },
  ];
  const files = {
    main: { path: `${id}.main.${codec}`, codec, ...large },
    sub: { path: `${id}.sub.h264`, codec: 'h264', ...small },
  } as const;
  return {
    id,
    title: { zh: title, en: english },
    place,
    light: hours,
    fps: 15,
    gopSeconds: 2,
    loopSeconds: 16,
    files: codec === 'h265' ? { ...files, alternate: { path: `${id}.alternate.h265`, codec, ...small } } : files,
  };
}
