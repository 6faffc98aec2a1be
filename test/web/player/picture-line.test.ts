// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Camera } from '../../../server/contract/cameras.ts';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import PictureLine from '../../../web/player/PictureLine.vue';
import type { SlowViewing } from '../../../web/player/live-picture.ts';

const camera: Camera = {
  id: 'camera-1',
  name: '滨江苑东门',
  deviceId: 'device-1',
  channel: 1,
  compoundId: null,
  buildingId: null,
  longitude: null,
  latitude: null,
  bearingDeg: null,
  mode: 'always',
  isRecorded: true,
  retentionDays: 30,
  isKeyPlace: false,
  streams: [],
  acceptedOn: null,
  acceptedBy: null,
  firstOnlineAt: null,
  mediaNodeId: null,
  createdAt: '2026-11-21T12:00:00.000Z',
  state: { status: 'online', reason: null, since: '2026-11-21T12:00:00.000Z', retryAt: null, isRecording: true, streams: [] },
};

function lineWith(part: { slow?: SlowViewing | null; isHeard?: boolean; transcoded?: { from: string; to: string } | null; language?: 'zh' | 'en' }) {
  return mount(PictureLine, {
    props: {
      camera,
      ageMs: 300,
      isLive: true,
      isHeard: part.isHeard ?? false,
      transport: 'webrtc',
      role: 'sub',
      fellBack: null,
      why: '时延最低的方式',
      slow: part.slow ?? null,
      transcoded: part.transcoded ?? null,
    },
    global: { plugins: [createTranslator(part.language ?? 'zh')] },
  });
}

describe('line of a picture', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('tells the way, why it is taken, and the age', () => {
    const line = lineWith({});
    expect(line.get('.way').text()).toBe('WebRTC 子');
    expect(line.get('.way').attributes('title')).toBe('时延最低的方式');
    expect(line.get('.age').text()).toBe('0.3 s');
  });

  it('marks the picture that is heard, in a word', () => {
    expect(lineWith({}).find('.heard').exists()).toBe(false);
    expect(lineWith({ isHeard: true }).get('.heard').text()).toBe('有声');
  });

  it('says that the network, or this computer, does not keep up, and how often it skipped', () => {
    expect(
      lineWith({ slow: { part: 'network', skips: 3, lastAtMs: Date.now() } })
        .get('.slow')
        .text(),
    ).toBe('网络慢，已跳帧 3 次');
    expect(
      lineWith({ slow: { part: 'page', skips: 1, lastAtMs: Date.now() }, language: 'en' })
        .get('.slow')
        .text(),
    ).toBe('Busy computer, skips: 1');
  });

  it('stops telling a minute after the last skip', () => {
    expect(
      lineWith({ slow: { part: 'network', skips: 3, lastAtMs: Date.now() - 61_000 } })
        .find('.slow')
        .exists(),
    ).toBe(false);
  });

  it('says that a picture is transcoded, from what and to what, in both languages', () => {
    const transcoded = { from: 'H.265 2560 × 1440', to: 'H.264 1280 × 720' };
    const badge = lineWith({ transcoded }).get('.transcoded');
    expect([badge.text(), badge.attributes('title')]).toEqual(['转码', '本浏览器不能播放 H.265：节点将 H.265 2560 × 1440 转码为 H.264 1280 × 720']);
    expect(lineWith({ transcoded, language: 'en' }).get('.transcoded').attributes('title')).toContain('H.265 2560 × 1440 to H.264 1280 × 720');
    expect(lineWith({}).find('.transcoded').exists()).toBe(false);
  });
});
