/** The sections of the bar, in order, with the right each needs and where each role begins its day. */
import type { Right, Role } from '../../server/contract/accounts.ts';

export interface Section {
  /** Names its word, `frame.sections.{name}`. */
  readonly name: 'wall' | 'map' | 'playback' | 'alarms' | 'coverage' | 'compounds' | 'cameras' | 'system';
  readonly path: string;
  readonly right: Right;
}

const sections: readonly Section[] = [
  { name: 'wall', path: '/wall', right: 'live.watch' },
  { name: 'map', path: '/map', right: 'cameras.read' },
  { name: 'playback', path: '/playback', right: 'recordings.watch' },
  { name: 'alarms', path: '/alarms', right: 'alarms.read' },
  { name: 'coverage', path: '/coverage', right: 'coverage.read' },
  { name: 'compounds', path: '/compounds', right: 'district.read' },
  { name: 'cameras', path: '/cameras', right: 'cameras.read' },
  { name: 'system', path: '/system', right: 'system.read' },
];

/** The sections a person with these rights sees. */
export function sectionsFor(rights: readonly Right[]): readonly Section[] {
  return sections.filter((section) => rights.includes(section.right));
}

/** First page after login: each role lands on its main job. */
export function homePathOf(role: Role): string {
  switch (role) {
    case 'officer':
      return '/playback';
    case 'auditor':
      return '/coverage';
    case 'administrator':
    case 'operator':
      return '/wall';
  }
}
