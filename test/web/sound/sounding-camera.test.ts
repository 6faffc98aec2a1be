// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia, type Pinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../../web/api/client.ts';
import { apiKey } from '../../../web/api/injection.ts';
import { useCameras } from '../../../web/cameras/cameras-store.ts';
import IconMark from '../../../web/controls/IconMark.vue';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import SoundingCamera from '../../../web/sound/SoundingCamera.vue';
import { useSoundDesk } from '../../../web/sound/sound-desk.ts';

describe('the camera that was asked to sound', () => {
  let pinia: Pinia;
  const key = Symbol('tile');

  function bar() {
    const wrapper = mount(SoundingCamera, { global: { plugins: [pinia, createTranslator('zh')], provide: { [apiKey as symbol]: {} as ApiClient } } });
    useCameras().put({ id: 'camera-1', name: '滨江苑东门' } as Camera);
    useSoundDesk().give({ key, cameraId: 'camera-1' });
    return wrapper;
  }

  beforeEach(() => {
    localStorage.clear();
    pinia = createPinia();
    setActivePinia(pinia);
  });

  it('is shown as heard only when it is', async () => {
    const wrapper = bar();
    await nextTick();
    expect(wrapper.getComponent(IconMark).props('name')).toBe('muted');
    useSoundDesk().report({ key, state: { kind: 'on', codec: 'aac' }, isHeard: true });
    await nextTick();
    expect([wrapper.getComponent(IconMark).props('name'), wrapper.find('.why').exists()]).toEqual(['sound', false]);
  });

  it('tells why nothing is heard', async () => {
    const wrapper = bar();
    useSoundDesk().report({ key, state: { kind: 'not-carried', codec: 'aac', by: 'websocket', present: 'webrtc', stream: null }, isHeard: false });
    await nextTick();
    expect(wrapper.getComponent(IconMark).props('name')).toBe('muted');
    expect(wrapper.get('.why').attributes('title')).toContain('WebSocket');
    useSoundDesk().report({ key, state: { kind: 'on', codec: 'aac' }, isHeard: false });
    await nextTick();
    expect(wrapper.get('.why').attributes('title')).toBe('画面中断，声音也已中断');
  });

  it('is not spoken for by another tile', async () => {
    const wrapper = bar();
    useSoundDesk().report({ key: Symbol('other'), state: { kind: 'on', codec: 'aac' }, isHeard: true });
    await nextTick();
    expect(wrapper.getComponent(IconMark).props('name')).toBe('muted');
  });
});
