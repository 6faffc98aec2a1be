import { describe, expect, it } from 'vitest';
import { filterCameras, formatBitrate, formatPicture, leadingStream, sortCameras } from '../../../web/cameras/camera-table.ts';
import type { Camera, CameraStatus, CameraStreamState } from '../../../server/contract/cameras.ts';

const stream = (part: Partial<CameraStreamState>): CameraStreamState => ({
  role: 'main',
  codec: 'h264',
  audioCodec: null,
  width: 1920,
  height: 1080,
  fps: 25,
  bitrateBps: 1_480_000,
  lastFrameAt: null,
  keyFrameIntervalMs: null,
  lostPackets: 0,
  slowViewers: 0,
  droppedFrames: 0,
  clock: null,
  ...part,
});
const camera = (name: string, status: CameraStatus, since: string, streams: readonly CameraStreamState[] = []) =>
  ({
    id: name,
    name,
    compoundId: null,
    streams: [{ role: 'main', url: `rtsp://10.0.0.1/${name}`, transport: 'tcp', hasCredentials: false }],
    state: { status, since, streams },
  }) as unknown as Camera;
const list = [
  camera('10号楼', 'online', '2026-11-21T12:00:00Z', [stream({ bitrateBps: 500_000 })]),
  camera('2号楼', 'offline', '2026-11-21T13:00:00Z'),
  camera('东门', 'online', '2026-11-21T11:00:00Z', [stream({ bitrateBps: 2_000_000 })]),
];
const namesOf = (cameras: readonly Camera[]) => cameras.map(({ name }) => name);

describe('the table of cameras', () => {
  it('orders names as people count', () => {
    expect(namesOf(sortCameras(list, { key: 'name', isDescending: false })).slice(0, 2)).toEqual(['2号楼', '10号楼']);
  });

  it('puts absent figures last in either direction', () => {
    expect(namesOf(sortCameras(list, { key: 'bitrate', isDescending: false }))).toEqual(['10号楼', '东门', '2号楼']);
    expect(namesOf(sortCameras(list, { key: 'bitrate', isDescending: true }))).toEqual(['东门', '10号楼', '2号楼']);
  });

  it('brings trouble to the top and counts the shortest time first', () => {
    expect(namesOf(sortCameras(list, { key: 'status', isDescending: false }))[0]).toBe('2号楼');
    expect(namesOf(sortCameras(list, { key: 'since', isDescending: false }))).toEqual(['2号楼', '10号楼', '东门']);
  });

  it('filters by name, address and state', () => {
    expect(namesOf(filterCameras(list, { text: '号楼', status: 'online', compoundId: null }))).toEqual(['10号楼']);
    expect(filterCameras(list, { text: '10.0.0.1', status: null, compoundId: null })).toHaveLength(3);
    expect(filterCameras(list, { text: '', status: null, compoundId: 'x' })).toEqual([]);
  });
});

it('speaks for a camera by the stream that runs', () => {
  const sub = stream({ role: 'sub', width: 640, height: 360 });
  expect(leadingStream(camera('x', 'online', '', [stream({ codec: null }), sub]))).toBe(sub);
});

it('writes figures only where they are known', () => {
  expect([1_480_000, 320_400, null, undefined].map(formatBitrate)).toEqual(['1.48 Mbps', '320 kbps', '', '']);
  expect(formatPicture(stream({}))).toBe('1920×1080@25');
  expect(formatPicture(stream({ fps: null }))).toBe('1920×1080');
  expect(formatPicture(stream({ width: null }))).toBe('');
});
