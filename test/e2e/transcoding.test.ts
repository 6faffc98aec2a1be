/** A camera that has nothing but H.265, in a browser that does not play it: Debian's Chromium. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Camera } from '../../server/contract/cameras.ts';
import type { ApiClient } from '../demo/api-client.ts';
import { cameraCredentials } from '../demo/simulated-cameras.ts';
import { countMovingPictures, eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { logIn } from '../support/demo-process.ts';

const demo = inject('demo');

describe('a camera with H.265 alone', () => {
  let operator: PersonAtBrowser;
  let admin: ApiClient;
  let camera: Camera;

  beforeAll(async () => {
    admin = await logIn(demo, 'admin');
    const isH265 = ({ state }: Camera): boolean => state.streams.some(({ role, codec }) => role === 'main' && codec === 'h265');
    const cameras = await eventually(
      () => admin.list<Camera>('/cameras'),
      (list) => list.some(isH265),
      90_000,
    );
    const main = cameras.find(isH265)?.streams.find(({ role }) => role === 'main');
    if (main === undefined) throw new Error('the demo has no H.265 camera');
    const url = new URL(main.url);
    url.username = cameraCredentials.username;
    url.password = cameraCredentials.password;
    camera = await admin.send<Camera>('POST', '/cameras', { name: '只有 H.265', isRecorded: false, streams: [{ role: 'main', url: url.href }] });
    operator = await sitDown(demo, 'operator');
  });

  afterAll(async () => {
    await operator?.close();
    if (camera !== undefined) await admin.send('DELETE', `/cameras/${camera.id}`);
  });

  it('moves, transcoded, and the tile says so', async () => {
    const { page } = operator;
    await page.goto(`${demo.report.url}/wall?layout=1&tiles=${camera.id}`);
    const live = page.locator('[data-live="true"][data-video="h264"]');
    expect(
      await eventually(
        () => live.count(),
        (count) => count === 1,
        120_000,
      ),
    ).toBe(1);
    expect(
      await eventually(
        () => countMovingPictures(page),
        (count) => count === 1,
        60_000,
      ),
    ).toBe(1);
    const badge = page.locator('.transcoded');
    expect(await badge.textContent()).toBe('转码');
    expect(await badge.getAttribute('title')).toMatch(/H\.265 1280 × 720 转码为 H\.264 1280 × 720/);
    expect(operator.pageErrors).toEqual([]);
  });
});
