/**
 * Collects the words of every section. Each section keeps its own in a `messages.ts` beside it and is listed here by
 * hand; its texts are reached as `section.key`, such as `wall.layout`.
 */
import { accessRegisterMessages } from '../access-register/messages.ts';
import { alarmMessages } from '../alarms/messages.ts';
import { cameraMessages } from '../cameras/messages.ts';
import { compoundMessages } from '../compounds/messages.ts';
import { coverageMessages } from '../coverage/messages.ts';
import { districtMessages } from '../district/messages.ts';
import { mapMessages } from '../map/messages.ts';
import { playbackMessages } from '../playback/messages.ts';
import { playerMessages } from '../player/messages.ts';
import { sessionMessages } from '../session/messages.ts';
import { soundMessages } from '../sound/messages.ts';
import { systemMessages } from '../system/messages.ts';
import { wallMessages } from '../wall/messages.ts';
import { zoomMessages } from '../zoom/messages.ts';
import { frameMessages } from './frame-messages.ts';
import { problemMessages } from './problem-messages.ts';
import { reasonMessages } from './reason-messages.ts';

/** The languages of the interface; Chinese is the first and the fallback. */
export type Language = 'zh' | 'en';

/** Words of one section in both languages. */
export interface SectionMessages<Words> {
  readonly zh: Words;
  readonly en: Words;
}

const sections = {
  accessRegister: accessRegisterMessages,
  alarms: alarmMessages,
  cameras: cameraMessages,
  compounds: compoundMessages,
  coverage: coverageMessages,
  district: districtMessages,
  frame: frameMessages,
  map: mapMessages,
  playback: playbackMessages,
  player: playerMessages,
  problem: problemMessages,
  reason: reasonMessages,
  session: sessionMessages,
  sound: soundMessages,
  system: systemMessages,
  wall: wallMessages,
  zoom: zoomMessages,
} as const;

/** All words of one language, by section. */
export function messagesOf(language: Language): Record<keyof typeof sections, Record<string, unknown>> {
  const entries = Object.entries(sections).map(([name, section]) => [name, section[language]]);
  return Object.fromEntries(entries) as Record<keyof typeof sections, Record<string, unknown>>;
}
