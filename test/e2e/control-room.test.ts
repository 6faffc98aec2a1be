/** The operator's wall and map: pictures that move, tell their age, and stop pretending when the camera dies. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { clearFault, setFault } from '../support/demo-process.ts';
import { countMovingPictures, eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { logIn } from '../support/demo-process.ts';
import type { Camera } from '../../server/contract/cameras.ts';

const demo = inject('demo');

describe('control room', () => {
  let operator: PersonAtBrowser;
  beforeAll(async () => {
    operator = await sitDown(demo, 'operator');
  });
  afterAll(async () => {
    await operator.close();
  });

  it('shows live pictures at once on the first visit, each with its age', async () => {
    const { page } = operator;
    await page.waitForURL('**/wall**');
    expect(
      await eventually(
        () => countMovingPictures(page),
        (count) => count >= 7,
        60_000,
      ),
    ).toBeGreaterThanOrEqual(7);
    const ages = await page.locator('.wall-tile [data-live="true"] .age').allTextContents();
    expect(ages.length).toBeGreaterThanOrEqual(7);
    expect(ages.every((age) => Number.parseFloat(age) < 3)).toBe(true);
  });

  it('changes layouts by key and keeps them in the address', async () => {
    const { page } = operator;
    await page.keyboard.press('2');
    await eventually(
      () => page.locator('.wall-tile').count(),
      (count) => count === 4,
    );
    expect(await page.locator('.wall-tile').count()).toBe(4);
    await page.reload();
    await eventually(
      () => page.locator('.wall-tile').count(),
      (count) => count === 4,
    );
    expect(await page.locator('.wall-tile').count()).toBe(4);
    expect(
      await eventually(
        () => countMovingPictures(page),
        (count) => count >= 3,
      ),
    ).toBeGreaterThanOrEqual(3);
  });

  it('shows a dead camera as not live, with the reason in words, and live again when it is back', async () => {
    const { page } = operator;
    const api = await logIn(demo, 'operator');
    const cameras = await api.list<Camera>('/cameras');
    const camera = cameras.find((candidate) => candidate.name === '人和家园南门');
    if (camera === undefined) throw new Error('the demo has no camera 人和家园南门');
    await page.goto(`${demo.report.url}/wall?layout=1&tiles=${camera.id}`);
    const tile = page.locator('.wall-tile').first();
    await tile.locator('[data-live="true"]').waitFor();
    await setFault(demo, camera.name, 'stall', 60);
    await tile.locator('[data-live="false"]').waitFor({ timeout: 10_000 });
    const text = await eventually(
      () => tile.innerText(),
      (words) => words.includes('收不到数据'),
      15_000,
    );
    expect(text).toContain('收不到数据');
    await clearFault(demo, camera.name);
    await tile.locator('[data-live="true"]').waitFor({ timeout: 60_000 });
  });

  it('plays by HLS where neither WebRTC nor WebSockets get through to the node', async () => {
    const { page } = operator;
    await page.addInitScript(() => {
      Object.defineProperty(window, 'RTCPeerConnection', { value: undefined });
      const Native = WebSocket;
      window.WebSocket = class extends Native {
        constructor(url: string | URL, protocols?: string | string[]) {
          if (new URL(url).pathname === '/ws') throw new DOMException('a proxy that lets none through', 'SecurityError');
          super(url, protocols);
        }
      };
    });
    await page.goto(`${demo.report.url}/wall?layout=4`);
    const isHls = await eventually(
      () => page.locator('[data-live="true"][data-transport="hls"]').count(),
      (count) => count >= 1,
      60_000,
    );
    expect(isHls).toBeGreaterThanOrEqual(1);
    expect(
      await eventually(
        () => countMovingPictures(page),
        (count) => count >= 1,
      ),
    ).toBeGreaterThanOrEqual(1);
  });

  it('shows the district on the map, and a live picture for a camera found by search', async () => {
    const { page } = operator;
    await page.goto(`${demo.report.url}/map`);
    await page.locator('.leaflet-container').waitFor();
    expect(
      await eventually(
        () => page.locator('.leaflet-marker-icon').count(),
        (count) => count >= 5,
      ),
    ).toBeGreaterThanOrEqual(5);
    expect(operator.pageErrors).toEqual([]);
  });
});
