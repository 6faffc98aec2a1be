// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../../web/api/client.ts';
import { apiKey } from '../../../web/api/injection.ts';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import PictureDetails from '../../../web/player/PictureDetails.vue';

const camera = {
  id: 'camera-1',
  name: '滨江苑东门',
  streams: [],
  state: { status: 'online', reason: null, streams: [{ role: 'main', codec: 'h265', width: 2560, height: 1440 }] },
} as unknown as Camera;

function pictureRow(transcoded: { from: string; to: string } | null): string {
  const pinia = createPinia();
  setActivePinia(pinia);
  const wrapper = mount(PictureDetails, {
    props: {
      anchor: null,
      video: null,
      camera,
      playing: { role: 'main', transport: 'webrtc', video: transcoded ? 'h264' : null },
      ageMs: 300,
      transportWhy: '',
      roleWhy: '',
      fellBack: null,
      slow: null,
      transcoded,
      sound: { kind: 'none' },
      received: () => Promise.resolve(null),
    },
    global: {
      plugins: [pinia, createTranslator('zh')],
      provide: { [apiKey as symbol]: { get: () => Promise.resolve(camera) } as unknown as ApiClient },
      stubs: { teleport: true },
    },
  });
  const text = wrapper.findAll('dd').map((cell) => cell.text())[2] as string;
  wrapper.unmount();
  return text;
}

describe('details of a picture', () => {
  it('tell what plays, and what it was made of where the node transcodes', () => {
    expect(pictureRow(null)).toBe('2560×1440 · H.265');
    expect(pictureRow({ from: 'H.265 2560 × 1440', to: 'H.264 1280 × 720' })).toBe('H.264 1280 × 720（由 H.265 2560 × 1440 转码）');
  });
});
