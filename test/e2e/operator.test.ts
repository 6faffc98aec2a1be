/** The operator's story: a camera dies, an alarm comes by itself, one acknowledges it, the other learns who did. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Alarm } from '../../server/contract/alarms.ts';
import { ApiError } from '../demo/api-client.ts';
import type { ApiClient } from '../demo/api-client.ts';
import { eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { clearFault, logIn, setFault } from '../support/demo-process.ts';

const demo = inject('demo');
const cameraName = '人和家园东门';

describe('operator', () => {
  let operator: PersonAtBrowser;
  let api: ApiClient;
  beforeAll(async () => {
    operator = await sitDown(demo, 'operator');
    api = await logIn(demo, 'operator');
  });
  afterAll(async () => {
    await clearFault(demo, cameraName);
    await operator.close();
  });

  const findAlarm = async (): Promise<Alarm | undefined> => (await api.list<Alarm>('/alarms')).find((alarm) => alarm.cameraName === cameraName);

  it('sees the alarm on the wall without doing anything, and acknowledges it', async () => {
    const { page } = operator;
    await page.goto(`${demo.report.url}/wall`);
    await setFault(demo, cameraName, 'silence', 240);
    const row = page.locator('.alarm-panel li, .alarm-panel-row').filter({ hasText: cameraName }).first();
    await row.waitFor({ timeout: 60_000 });
    await row.getByRole('button', { name: '确认' }).click();
    const alarm = await eventually(findAlarm, (found) => found?.handling === 'acknowledged');
    expect(alarm).toMatchObject({ condition: 'active', handling: 'acknowledged', acknowledgedBy: { username: 'operator' } });
  });

  it('tells another person who took it, and the same person that nothing changed', async () => {
    const alarm = await findAlarm();
    const again = await api.send<Alarm>('POST', `/alarms/${alarm?.id}/acknowledgement`, {});
    expect(again.acknowledgedAt).toBe(alarm?.acknowledgedAt);
    const admin = await logIn(demo, 'admin');
    const refusal = await admin.send('POST', `/alarms/${alarm?.id}/acknowledgement`, {}).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ status: 409, code: 'already-acknowledged' });
  });

  it('sees the alarm cleared when the camera is back', async () => {
    const { page } = operator;
    await page.goto(`${demo.report.url}/alarms`);
    await clearFault(demo, cameraName);
    const cleared = await eventually(findAlarm, (found) => found?.condition === 'cleared', 90_000);
    expect(cleared).toMatchObject({ condition: 'cleared', handling: 'acknowledged' });
    expect(operator.pageErrors).toEqual([]);
  });
});
