/** The duty officer's story: register why, see what happened at its true time, leave a trace that the auditor reads. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AccessRegisterEntry, Camera, RecordingTimeline } from '../../server/contract/cameras.ts';
import { ApiError } from '../demo/api-client.ts';
import type { ApiClient } from '../demo/api-client.ts';
import { eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { logIn } from '../support/demo-process.ts';

const demo = inject('demo');
const cameraName = '文庙苑东门';

describe('duty officer', () => {
  let officer: PersonAtBrowser;
  let api: ApiClient;
  let camera: Camera;
  beforeAll(async () => {
    officer = await sitDown(demo, 'officer');
    api = await logIn(demo, 'officer');
    const found = (await api.list<Camera>('/cameras')).find((candidate) => candidate.name === cameraName);
    if (found === undefined) throw new Error(`the demo has no camera ${cameraName}`);
    camera = found;
    await eventually(readRecordedMs, (recordedMs) => recordedMs > 20_000, 90_000);
  });
  afterAll(() => officer.close());

  async function readTimeline(): Promise<RecordingTimeline> {
    const [from, to] = [new Date(Date.now() - 600_000).toISOString(), new Date().toISOString()];
    return api.get<RecordingTimeline>(`/cameras/${camera.id}/recordings?from=${from}&to=${to}`);
  }

  async function readRecordedMs(): Promise<number> {
    return (await readTimeline()).spans.reduce((sum, span) => sum + Date.parse(span.to) - Date.parse(span.from), 0);
  }

  it('gets no ticket without an entry in the register', async () => {
    const span = { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() };
    const refusal = await api.send('POST', `/cameras/${camera.id}/tickets`, { right: 'playback', ...span }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ status: 403 });
  });

  it('gives a reason, and sees the picture of that moment', async () => {
    const { page } = officer;
    const timeline = await readTimeline();
    const last = timeline.spans.at(-1);
    if (last === undefined) throw new Error('nothing is recorded');
    const atMs = Date.parse(last.to) - 15_000;
    await page.goto(`${demo.report.url}/playback?cameras=${camera.id}&at=${new Date(atMs).toISOString()}`);
    await page.getByRole('button', { name: '登记并播放' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('textarea').fill('电动车被盗，查看东门进出人员');
    await dialog.getByRole('button', { name: '登记并播放' }).click();
    const shownMs = await eventually(
      () => page.evaluate(() => [...document.querySelectorAll('video')].map((video) => (video.videoWidth > 0 ? video.currentTime : 0))[0] ?? 0),
      (seconds) => seconds > 0,
      30_000,
    );
    expect(shownMs).toBeGreaterThan(0);
    expect(officer.pageErrors).toEqual([]);
  });

  it('leaves an entry that the auditor reads', async () => {
    const auditor = await logIn(demo, 'auditor');
    const entries = await auditor.list<AccessRegisterEntry>('/access-register');
    expect(entries[0]).toMatchObject({
      cameraIds: [camera.id],
      reason: '电动车被盗，查看东门进出人员',
      person: { username: 'officer' },
      unit: '重龙派出所',
    });
  });
});
