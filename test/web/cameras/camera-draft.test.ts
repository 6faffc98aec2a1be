import { describe, expect, it } from 'vitest';
import { bodyOf, checkDraft, draftOf, emptyDraft, fieldOfPath } from '../../../web/cameras/camera-draft.ts';
import type { Camera } from '../../../server/contract/cameras.ts';

const valid = { ...emptyDraft(), name: '东门', mainUrl: 'rtsp://admin:secret@10.0.0.1:554/main' };

describe('checkDraft', () => {
  it('lets a name and an address pass', () => {
    expect(checkDraft(valid).size).toBe(0);
  });

  it.each([
    [{ name: ' ' }, 'name', 'cameras.form.nameRequired'],
    [{ mainUrl: '' }, 'mainUrl', 'cameras.form.urlRequired'],
    [{ mainUrl: 'http://10.0.0.1/' }, 'mainUrl', 'cameras.form.urlInvalid'],
    [{ mainUrl: 'rtsp://' }, 'mainUrl', 'cameras.form.urlInvalid'],
    [{ subUrl: '10.0.0.1' }, 'subUrl', 'cameras.form.urlInvalid'],
    [{ longitude: '104.8' }, 'latitude', 'cameras.form.bothOrNone'],
    [{ longitude: '200', latitude: '29' }, 'longitude', 'cameras.form.numberInvalid'],
    [{ bearing: 'east' }, 'bearing', 'cameras.form.numberInvalid'],
    [{ retentionDays: '0' }, 'retentionDays', 'cameras.form.numberInvalid'],
  ] as const)('%o', (part, field, key) => {
    expect(checkDraft({ ...valid, ...part }).get(field)?.key).toBe(key);
  });
});

describe('bodyOf', () => {
  const camera = {
    name: '东门',
    compoundId: null,
    longitude: 104.85,
    latitude: 29.76,
    bearingDeg: null,
    mode: 'always',
    isRecorded: true,
    retentionDays: 30,
    isKeyPlace: false,
    streams: [{ role: 'main', url: 'rtsp://10.0.0.1/main', transport: 'tcp', hasCredentials: true }],
  } as unknown as Camera;

  it('does not send streams that nobody touched, so that stored passwords stay', () => {
    expect(bodyOf({ ...draftOf(camera), name: '西门' }, camera)).not.toHaveProperty('streams');
  });

  it('sends them when an address changed or a stream was added', () => {
    expect(bodyOf({ ...draftOf(camera), subUrl: 'rtsp://10.0.0.1/sub' }, camera)['streams']).toEqual([
      { role: 'main', url: 'rtsp://10.0.0.1/main', transport: 'tcp' },
      { role: 'sub', url: 'rtsp://10.0.0.1/sub', transport: 'auto' },
    ]);
    expect(bodyOf({ ...draftOf(camera), mainTransport: 'udp' }, camera)['streams']).toEqual([
      { role: 'main', url: 'rtsp://10.0.0.1/main', transport: 'udp' },
    ]);
  });

  it('turns empty fields into null', () => {
    expect(bodyOf(valid, null)).toMatchObject({ longitude: null, latitude: null, bearingDeg: null, retentionDays: 30, streams: [{ role: 'main' }] });
  });
});

it("finds the field that the server's path means", () => {
  expect(['streams.0.url', 'streams.1.url', 'bearingDeg', 'mode'].map(fieldOfPath)).toEqual(['mainUrl', 'subUrl', 'bearing', null]);
});
