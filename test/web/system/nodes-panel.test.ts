// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaNode } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../../web/api/client.ts';
import { apiKey } from '../../../web/api/injection.ts';
import { createTranslator } from '../../../web/i18n/i18n.ts';
import NodesPanel from '../../../web/system/NodesPanel.vue';

const node: MediaNode = {
  id: 'node-1',
  name: '本机节点',
  isLinked: true,
  linkedSince: '2026-11-21T12:00:00.000Z',
  lastSeenAt: '2026-11-21T12:00:00.000Z',
  version: null,
  webRtcEngine: null,
  baseUrl: null,
  streamCount: 12,
  streamingCount: 11,
  viewerCount: 5,
  storage: { usedBytes: 1, quotaBytes: 10, freeBytes: 9, fault: null },
  transcoding: null,
};

describe('media nodes of the system page', () => {
  let answer: MediaNode;
  let panel: VueWrapper;

  beforeEach(() => {
    vi.useFakeTimers();
    answer = node;
  });
  afterEach(() => {
    panel.unmount();
    vi.useRealTimers();
  });

  function open(): void {
    const pinia = createPinia();
    setActivePinia(pinia);
    panel = mount(NodesPanel, {
      global: {
        plugins: [pinia, createTranslator('zh')],
        provide: { [apiKey as symbol]: { listAll: async () => [answer] } as unknown as ApiClient },
      },
    });
  }

  const figures = () => panel.findAll('td.number').map((cell) => cell.text());

  it('shows figures that move', async () => {
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect(figures()).toEqual(['11 / 12', '5', '–']);
    answer = { ...node, viewerCount: 7 };
    await vi.advanceTimersByTimeAsync(3000);
    expect(figures()).toEqual(['11 / 12', '7', '–']);
  });

  it('shows no figures where none are known: a lost node, or one that has just linked', async () => {
    answer = { ...node, isLinked: false };
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect(figures()).toEqual(['–', '–', '–']);
    answer = { ...node, streamCount: 0, streamingCount: 0, viewerCount: 0, storage: null };
    await vi.advanceTimersByTimeAsync(3000);
    expect(figures()).toEqual(['–', '–', '–']);
  });

  it('tells a fault of the storage in the language of the page, with its cause at hand', async () => {
    answer = { ...node, storage: { usedBytes: 1, quotaBytes: 10, freeBytes: 9, fault: 'EIO: i/o error' } };
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect([panel.get('.fault').text(), panel.get('.fault').attributes('title')]).toEqual(['存储异常', 'EIO: i/o error']);
  });
});
