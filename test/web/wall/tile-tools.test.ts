// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import TileTools from '../../../web/wall/TileTools.vue';
import { nextRole, nextTransport } from '../../../web/wall/tile-choice.ts';

function toolsWith(part: { role?: 'main' | 'sub' | null; transport?: 'webrtc' | 'websocket' | 'hls' | null }) {
  const wrapper = mount(TileTools, {
    props: {
      playing: { role: 'sub', transport: 'websocket' },
      hasSub: true,
      isSolo: false,
      sound: { kind: 'none' },
      role: part.role ?? null,
      transport: part.transport ?? null,
      areDetailsShown: false,
    },
    global: { plugins: [createTranslator('zh')] },
  });
  return { wrapper, choices: wrapper.findAll('.choice') };
}

describe('choices of a tile', () => {
  it('go through all by hand and back to by itself', () => {
    expect([nextRole(null), nextRole('main'), nextRole('sub')]).toEqual(['main', 'sub', null]);
    const ways = [nextTransport(null), nextTransport('webrtc'), nextTransport('websocket'), nextTransport('hls')];
    expect(ways).toEqual(['webrtc', 'websocket', 'hls', null]);
  });
});

describe('tools of a tile', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('show what plays, and no mark while nothing was chosen by hand', () => {
    const { choices } = toolsWith({});
    expect(choices.map((choice) => choice.text())).toEqual(['子', 'WebSocket']);
    expect(choices.map((choice) => choice.attributes('aria-pressed'))).toEqual(['false', 'false']);
  });

  it('mark what was chosen by hand, and still show what plays', () => {
    const { choices } = toolsWith({ role: 'main', transport: 'webrtc' });
    expect(choices.map((choice) => choice.text())).toEqual(['子手动', 'WebSocket手动']);
    expect(choices[0]?.attributes('title')).toContain('已手动选择 主码流');
    expect(choices[1]?.attributes('title')).toContain('已手动选择 WebRTC');
  });

  it('go back to by itself after the last', async () => {
    const { wrapper, choices } = toolsWith({ role: 'sub', transport: 'hls' });
    for (const choice of choices) await choice.trigger('click');
    expect([wrapper.emitted('update:role'), wrapper.emitted('update:transport')]).toEqual([[[null]], [[null]]]);
  });
});
