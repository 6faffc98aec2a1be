/** What the form of a camera holds, what is wrong with it, and the body it becomes. */
import type { Camera, CameraStream } from '../../server/contract/cameras.ts';

/** Texts as typed. */
export interface CameraDraft {
  name: string;
  compoundId: string | null;
  longitude: string;
  latitude: string;
  bearing: string;
  mainUrl: string;
  mainTransport: CameraStream['transport'];
  subUrl: string;
  subTransport: CameraStream['transport'];
  mode: Camera['mode'];
  isRecorded: boolean;
  retentionDays: string;
  isKeyPlace: boolean;
}

export type DraftField = 'name' | 'longitude' | 'latitude' | 'bearing' | 'mainUrl' | 'subUrl' | 'retentionDays';

/** A text key with its values. */
export interface DraftFault {
  readonly key: string;
  readonly values?: Readonly<Record<string, number>>;
}

export function emptyDraft(): CameraDraft {
  return {
    name: '',
    compoundId: null,
    longitude: '',
    latitude: '',
    bearing: '',
    mainUrl: '',
    mainTransport: 'auto',
    subUrl: '',
    subTransport: 'auto',
    mode: 'always',
    isRecorded: true,
    retentionDays: '30',
    isKeyPlace: false,
  };
}

export function draftOf(camera: Camera): CameraDraft {
  const streamOf = (role: 'main' | 'sub') => camera.streams.find((stream) => stream.role === role);
  return {
    name: camera.name,
    compoundId: camera.compoundId,
    longitude: camera.longitude?.toString() ?? '',
    latitude: camera.latitude?.toString() ?? '',
    bearing: camera.bearingDeg?.toString() ?? '',
    mainUrl: streamOf('main')?.url ?? '',
    mainTransport: streamOf('main')?.transport ?? 'auto',
    subUrl: streamOf('sub')?.url ?? '',
    subTransport: streamOf('sub')?.transport ?? 'auto',
    mode: camera.mode,
    isRecorded: camera.isRecorded,
    retentionDays: String(camera.retentionDays),
    isKeyPlace: camera.isKeyPlace,
  };
}

/** Faults by field; empty when the draft may be sent. The server decides in the end. */
export function checkDraft(draft: CameraDraft): ReadonlyMap<DraftField, DraftFault> {
  const faults = new Map<DraftField, DraftFault>();
  if (draft.name.trim() === '') faults.set('name', { key: 'cameras.form.nameRequired' });
  if (draft.mainUrl.trim() === '') faults.set('mainUrl', { key: 'cameras.form.urlRequired' });
  else if (!isRtspUrl(draft.mainUrl)) faults.set('mainUrl', { key: 'cameras.form.urlInvalid' });
  if (draft.subUrl.trim() !== '' && !isRtspUrl(draft.subUrl)) faults.set('subUrl', { key: 'cameras.form.urlInvalid' });
  checkNumber('longitude', draft.longitude, -180, 180);
  checkNumber('latitude', draft.latitude, -90, 90);
  checkNumber('bearing', draft.bearing, 0, 359);
  checkNumber('retentionDays', draft.retentionDays, 1, 365);
  if ((draft.longitude.trim() === '') !== (draft.latitude.trim() === '')) faults.set('latitude', { key: 'cameras.form.bothOrNone' });
  return faults;

  function checkNumber(field: DraftField & keyof CameraDraft, text: string, low: number, high: number): void {
    const value = Number(text);
    if (text.trim() !== '' && (Number.isNaN(value) || value < low || value > high))
      faults.set(field, { key: 'cameras.form.numberInvalid', values: { low, high } });
  }
}

/** The body of POST or PATCH. Streams of an unchanged camera are left out, so that stored passwords stay as they are. */
export function bodyOf(draft: CameraDraft, before: Camera | null): Record<string, unknown> {
  const main = { role: 'main', url: draft.mainUrl.trim(), transport: draft.mainTransport };
  const sub = { role: 'sub', url: draft.subUrl.trim(), transport: draft.subTransport };
  const streams = sub.url === '' ? [main] : [main, sub];
  const streamsBefore = before?.streams.map(({ role, url, transport }) => ({ role, url, transport }));
  const areStreamsChanged = JSON.stringify(streams) !== JSON.stringify(streamsBefore);
  return {
    name: draft.name.trim(),
    compoundId: draft.compoundId,
    longitude: numberOrNull(draft.longitude),
    latitude: numberOrNull(draft.latitude),
    bearingDeg: numberOrNull(draft.bearing),
    mode: draft.mode,
    isRecorded: draft.isRecorded,
    retentionDays: numberOrNull(draft.retentionDays) ?? 30,
    isKeyPlace: draft.isKeyPlace,
    ...(areStreamsChanged ? { streams } : {}),
  };
}

/** The field of the form that a path of the API means, for validation by the server. */
export function fieldOfPath(path: string): DraftField | null {
  const byPath: Readonly<Record<string, DraftField>> = {
    name: 'name',
    longitude: 'longitude',
    latitude: 'latitude',
    bearingDeg: 'bearing',
    retentionDays: 'retentionDays',
    streams: 'mainUrl',
    'streams.0.url': 'mainUrl',
    'streams.1.url': 'subUrl',
  };
  return byPath[path] ?? null;
}

function isRtspUrl(text: string): boolean {
  return /^rtsps?:\/\/(?:[^@/]*@)?[^\s/:]+/i.test(text.trim());
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
