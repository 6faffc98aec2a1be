// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { Camera, CameraStreamState } from '../../../server/contract/cameras.ts';
import CameraStreams from '../../../web/cameras/CameraStreams.vue';
import { createTranslator } from '../../../web/i18n/i18n.ts';

function audioCell(measured: Partial<CameraStreamState> | null): string {
  const camera = {
    streams: [{ role: 'main', url: 'rtsp://camera/1', transport: 'tcp' }],
    state: { streams: measured === null ? [] : [{ role: 'main', codec: null, audioCodec: null, droppedFrames: 0, ...measured }] },
  } as unknown as Camera;
  return mount(CameraStreams, { props: { camera }, global: { plugins: [createTranslator('zh')] } })
    .findAll('td')
    .map((cell) => cell.text())[5] as string;
}

describe('sound of a stream', () => {
  it.each<[Partial<CameraStreamState> | null, string]>([
    [null, '–'],
    [{}, '–'],
    [{ codec: 'h264' }, '无'],
    [{ codec: 'h264', audioCodec: 'pcma' }, 'G.711A'],
    [{ codec: 'h265', audioCodec: 'aac' }, 'AAC'],
  ])('of %j is told as %s', (measured, text) => {
    expect(audioCell(measured)).toBe(text);
  });
});
