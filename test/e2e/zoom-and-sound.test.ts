/** The operator looks closer and listens: digital zoom by wheel, drag and keys, sound from one tile at a time, and a camera that goes while it is watched. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Camera } from '../../server/contract/cameras.ts';
import { eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { clearFault, logIn, setFault } from '../support/demo-process.ts';

const demo = inject('demo');
/** AAC: carried by WebSocket and HLS. */
const aacCamera = '笔坛小区北门';
/** G.711: carried by WebRTC. */
const g711Camera = '粮站小区北门';
const silentCamera = '文庙苑1、2栋单元门';
const cameraNames = [aacCamera, g711Camera, silentCamera];

describe('looking closer and listening', () => {
  let operator: PersonAtBrowser;
  const interruptions: string[] = [];

  beforeAll(async () => {
    operator = await sitDown(demo, 'operator');
    const { page } = operator;
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/ws')) return;
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload === 'string' && payload.includes('"interrupted"')) interruptions.push(payload);
      });
    });
    const api = await logIn(demo, 'operator');
    const cameras = await api.list<Camera>('/cameras');
    const ids = cameraNames.map((name) => cameras.find((camera) => camera.name === name)?.id ?? '');
    // Nine tiles: small enough for sub streams.
    await page.goto(`${demo.report.url}/wall?layout=9&tiles=${ids.join(',')}`);
    await eventually(
      () => page.locator('.wall-tile [data-live="true"]').count(),
      (count) => count === cameraNames.length,
      90_000,
    );
  });
  afterAll(async () => {
    await clearFault(demo, aacCamera);
    await operator.close();
  });

  const tile = (name: string): Locator => operator.page.locator('.wall-tile').filter({ hasText: name });
  const player = (name: string): Locator => tile(name).locator('.live-player');
  const transformOf = (name: string) =>
    player(name)
      .locator('.picture')
      .evaluate((element) => (element as HTMLElement).style.transform);
  const isMuted = (name: string) =>
    player(name)
      .locator('video')
      .evaluate((video) => (video as HTMLVideoElement).muted);
  const soundOf = (name: string) => player(name).getAttribute('data-sound');

  /** Presses on the picture itself, beside its tools. */
  async function select(name: string): Promise<void> {
    await tile(name).click({ position: { x: 30, y: 90 } });
  }

  it('zooms at the wheel, says how much, and asks for the pixels of the main stream', async () => {
    const { page } = operator;
    const box = await tile(silentCamera).boundingBox();
    if (box === null) throw new Error('the tile is not in sight');
    expect(await transformOf(silentCamera)).toBe('none');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3);
    for (let notch = 0; notch < 6; notch += 1) await page.mouse.wheel(0, -100);
    await eventually(
      () => transformOf(silentCamera),
      (transform) => transform.includes('scale(4'),
    );
    expect(await transformOf(silentCamera)).toMatch(/^translate\(.*\) scale\(4/);
    expect(await tile(silentCamera).locator('.badge b').textContent()).toBe('4.0×');
    expect(
      await eventually(
        () => player(silentCamera).getAttribute('data-role'),
        (role) => role === 'main',
      ),
    ).toBe('main');
    // The line, the tools and the neighbours stay as they are.
    expect((await tile(silentCamera).boundingBox())?.width).toBe(box.width);
    expect(await transformOf(aacCamera)).toBe('none');
  });

  it('is dragged, moved by keys, never past the edge, and is whole again with Esc, on the sub stream', async () => {
    const { page } = operator;
    const box = await tile(silentCamera).boundingBox();
    if (box === null) throw new Error('the tile is not in sight');
    const before = await transformOf(silentCamera);
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + 130, { steps: 4 });
    await page.mouse.up();
    const dragged = await transformOf(silentCamera);
    expect(dragged).not.toBe(before);
    // A tile that is dragged with its camera would be selected elsewhere, or exchanged.
    expect(await page.locator('.wall-tile').nth(2).textContent()).toContain(silentCamera);
    for (let press = 0; press < 30; press += 1) await page.keyboard.press('ArrowLeft');
    const atEdge = await transformOf(silentCamera);
    await page.keyboard.press('ArrowLeft');
    expect(await transformOf(silentCamera)).toBe(atEdge);
    const picture = await player(silentCamera).locator('.picture').boundingBox();
    expect(Math.abs((picture?.x ?? 1e9) - box.x)).toBeLessThan(2);
    await page.keyboard.press('Escape');
    expect(await transformOf(silentCamera)).toBe('none');
    expect(await tile(silentCamera).locator('.badge').count()).toBe(0);
    expect(
      await eventually(
        () => player(silentCamera).getAttribute('data-role'),
        (role) => role === 'sub',
      ),
    ).toBe('sub');
  });

  it('is pinched on a touch screen', async () => {
    const { page } = operator;
    const box = await tile(silentCamera).boundingBox();
    if (box === null) throw new Error('the tile is not in sight');
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const fingers = (apartPx: number) => [
      { x: middle.x - apartPx / 2, y: middle.y, id: 1 },
      { x: middle.x + apartPx / 2, y: middle.y, id: 2 },
    ];
    const screen = await page.context().newCDPSession(page);
    await screen.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    await screen.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(80) });
    for (let apartPx = 90; apartPx <= 200; apartPx += 10) {
      await screen.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apartPx) });
    }
    await screen.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await screen.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    expect(
      await eventually(
        () => transformOf(silentCamera),
        (transform) => transform.endsWith('scale(2.5)'),
      ),
    ).toMatch(/scale\(2\.5\)$/);
    await tile(silentCamera).locator('.badge').click();
    expect(await transformOf(silentCamera)).toBe('none');
  });

  it('is silent at first; a tile that is asked sounds, by the way that carries it, and says so', async () => {
    expect(await Promise.all(cameraNames.map(isMuted))).toEqual([true, true, true]);
    await select(aacCamera);
    await operator.page.keyboard.press('m');
    expect(
      await eventually(
        () => soundOf(aacCamera),
        (sound) => sound === 'on',
      ),
    ).toBe('on');
    expect(await player(aacCamera).getAttribute('data-transport')).toBe('websocket');
    expect(await tile(aacCamera).locator('.note').textContent()).toContain('WebSocket');
    expect(await tile(aacCamera).locator('.heard').count()).toBe(1);
    expect(await isMuted(aacCamera)).toBe(false);
    // Sound is there, not only allowed: the browser decodes it.
    const decodedBytes = () =>
      player(aacCamera)
        .locator('video')
        .evaluate((video) => Number(Reflect.get(video, 'webkitAudioDecodedByteCount')));
    expect(await eventually(decodedBytes, (bytes) => bytes > 0)).toBeGreaterThan(0);
  });

  it('sounds from one tile at a time, and leaves the way that was there for sound', async () => {
    await tile(g711Camera).hover();
    await tile(g711Camera).locator('.sound-button').click();
    expect(
      await eventually(
        () => soundOf(g711Camera),
        (sound) => sound === 'on',
      ),
    ).toBe('on');
    expect([await isMuted(g711Camera), await isMuted(aacCamera)]).toEqual([false, true]);
    expect(await player(g711Camera).getAttribute('data-transport')).toBe('webrtc');
    expect(await operator.page.locator('.heard').count()).toBe(1);
    expect(await operator.page.locator('.sounding-camera').textContent()).toContain('粮站');
    expect(
      await eventually(
        () => player(aacCamera).getAttribute('data-transport'),
        (transport) => transport === 'webrtc',
      ),
    ).toBe('webrtc');
  });

  it('says that a camera has no sound, and silences nobody for it', async () => {
    await select(silentCamera);
    await operator.page.keyboard.press('m');
    expect(await tile(silentCamera).locator('.note').textContent()).toBe('此摄像机没有声音');
    expect(await tile(silentCamera).locator('.sound-button').getAttribute('aria-disabled')).toBe('true');
    expect(await soundOf(g711Camera)).toBe('on');
  });

  it('shows how a picture plays, and why', async () => {
    const { page } = operator;
    await select(g711Camera);
    await page.keyboard.press('i');
    const details = page.locator('.picture-details');
    const text = await eventually(
      async () => (await details.textContent()) ?? '',
      (shown) => /收到 \d/.test(shown) && /显示 \d/.test(shown),
    );
    for (const word of ['WebRTC', '时延最低的方式', '子码流', '640×360', 'H.264', 'G.711A']) expect(text).toContain(word);
    await page.keyboard.press('Escape');
    expect(await details.count()).toBe(0);
  });

  it('is silent again when the tile gets another camera', async () => {
    await select(g711Camera);
    await operator.page.keyboard.press('Delete');
    expect(
      await eventually(
        () => operator.page.locator('.sounding-camera').count(),
        (count) => count === 0,
      ),
    ).toBe(0);
  });

  it('says at once, over the WebSocket, that a camera went, and goes on when it is back', async () => {
    await select(aacCamera);
    await operator.page.keyboard.press('m');
    await eventually(
      () => soundOf(aacCamera),
      (sound) => sound === 'on',
    );
    await setFault(demo, aacCamera, 'reboot', 60);
    expect(
      await eventually(
        async () => interruptions.length,
        (count) => count > 0,
        60_000,
      ),
    ).toBeGreaterThan(0);
    expect(
      await eventually(
        () => player(aacCamera).getAttribute('data-live'),
        (isLive) => isLive === 'false',
      ),
    ).toBe('false');
    expect(await tile(aacCamera).locator('.picture-notice .why').textContent()).not.toBe('');
    await clearFault(demo, aacCamera);
    expect(
      await eventually(
        () => player(aacCamera).getAttribute('data-live'),
        (isLive) => isLive === 'true',
        90_000,
      ),
    ).toBe('true');
    expect(operator.pageErrors).toEqual([]);
  });
});
