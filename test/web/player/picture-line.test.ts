// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { expect, it } from 'vitest';
import type { Camera } from '../../../server/contract/cameras.ts';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import PictureLine from '../../../web/player/PictureLine.vue';

const camera = { name: '东门', state: { status: 'online' } } as Camera;

function lineOf(transcoded: { from: string; to: string } | null, language: 'zh' | 'en') {
  return mount(PictureLine, {
    props: { camera, ageMs: 400, isLive: true, transport: 'webrtc', role: 'main', fellBack: null, transcoded },
    global: { plugins: [createPinia(), createTranslator(language)] },
  });
}

it('says that a picture is transcoded, from what and to what, in both languages', () => {
  const transcoded = { from: 'H.265 2560 × 1440', to: 'H.264 1280 × 720' };
  const badge = lineOf(transcoded, 'zh').get('.transcoded');
  expect([badge.text(), badge.attributes('title')]).toEqual(['转码', '本浏览器不能播放 H.265：节点将 H.265 2560 × 1440 转码为 H.264 1280 × 720']);
  expect(lineOf(transcoded, 'en').get('.transcoded').attributes('title')).toContain('H.265 2560 × 1440 to H.264 1280 × 720');
});

it('says nothing of the kind otherwise', () => {
  expect(lineOf(null, 'zh').find('.transcoded').exists()).toBe(false);
});
