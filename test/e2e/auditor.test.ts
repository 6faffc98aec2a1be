/** The auditor's story: the figure against the target, the way down to what is missing, and a file that Excel opens. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CoverageFigure } from '../../server/contract/coverage.ts';
import type { Area } from '../../server/contract/district.ts';
import type { ApiClient } from '../demo/api-client.ts';
import { sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { logIn } from '../support/demo-process.ts';

const demo = inject('demo');

describe('auditor', () => {
  let auditor: PersonAtBrowser;
  let api: ApiClient;
  beforeAll(async () => {
    auditor = await sitDown(demo, 'auditor');
    api = await logIn(demo, 'auditor');
  });
  afterAll(() => auditor.close());

  const readFigure = async (kind: 'A' | 'B'): Promise<CoverageFigure> => {
    const root = (await api.list<Area>('/areas')).find((area) => area.parentId === null);
    return api.get<CoverageFigure>(`/coverage?area=${root?.id}&kind=${kind}`);
  };

  it('reads the same figure on the screen as from the API, and can recompute it', async () => {
    const { page } = auditor;
    const figure = await readFigure('B');
    expect(figure.members.length).toBe(figure.denominator);
    expect(figure.denominator - figure.failing.length).toBe(figure.numerator);
    expect(figure.rate).toBe(figure.numerator / figure.denominator);
    expect(figure.excluded.map((entry) => entry.reason)).toContain('merged');
    expect(figure.inputHash).toMatch(/^[0-9a-f]{64}$/);
    await page.goto(`${demo.report.url}/coverage?kind=B`);
    const shown = ((figure.rate ?? 0) * 100).toFixed(1);
    await page.getByText(shown).first().waitFor();
    await page.getByText(`${figure.numerator} / ${figure.denominator}`).first().waitFor();
    await page.getByText(figure.formulaVersion).waitFor();
  });

  it('goes from a failing compound to the point that no camera sees', async () => {
    const { page } = auditor;
    const figure = await readFigure('B');
    const failure = figure.failing
      .flatMap((entry) => entry.reasons.map((reason) => ({ ...entry, reason })))
      .find((entry) => entry.reason.code === 'point-without-camera');
    if (failure?.reason.code !== 'point-without-camera') throw new Error('the demo has no uncovered point');
    await page.goto(`${demo.report.url}/coverage?kind=B`);
    await page.locator(`a[href*="${failure.compoundId}"]`).first().click();
    await page.waitForURL(`**/compounds/${failure.compoundId}**`);
    await page.getByText(failure.reason.pointName).first().waitFor();
  });

  it('exports a CSV with Chinese headings that Excel opens', async () => {
    const { page } = auditor;
    await page.goto(`${demo.report.url}/coverage?kind=B`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()]);
    const bytes = await readFile(await download.path());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = bytes.toString('utf8');
    expect(text).toContain('小区');
    const figure = await readFigure('B');
    expect(text).toContain(figure.inputHash);
    expect(auditor.pageErrors).toEqual([]);
  });
});
