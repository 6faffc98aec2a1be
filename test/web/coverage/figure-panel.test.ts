// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import type { CoverageFigure } from '../../../server/contract/coverage.ts';
import FigurePanel from '../../../web/coverage/FigurePanel.vue';
import { createTranslator } from '../../../web/i18n/i18n.ts';

const figure: CoverageFigure = {
  kind: 'B',
  formulaVersion: 'coverage-1',
  areaId: 'district',
  at: '2026-11-21T12:00:00.000Z',
  numerator: 6,
  denominator: 11,
  rate: 6 / 11,
  target: 0.85,
  members: [],
  excluded: [],
  failing: [],
  inputHash: 'f'.repeat(64),
};

function textOf(part: Partial<CoverageFigure>, canSetTarget = false): string {
  const panel = mount(FigurePanel, {
    props: { figure: { ...figure, ...part }, canSetTarget },
    global: { plugins: [createTranslator('zh')], stubs: { TargetForm: true } },
  });
  return panel.text().replaceAll(/\s+/g, ' ');
}

describe('coverage figure on screen', () => {
  it('shows the figure against its target and how far it is away', () => {
    const text = textOf({});
    expect(text).toContain('54.5%');
    expect(text).toContain('6 / 11 个小区');
    expect(text).toContain('目标 85.0%');
    expect(text).toContain('距目标还差 4 个小区');
  });

  it('prints 不适用 for an empty denominator, and no percentage', () => {
    const text = textOf({ numerator: 0, denominator: 0, rate: null });
    expect(text).toContain('不适用');
    expect(text.replace('目标 85.0%', '')).not.toContain('%');
  });

  it('says that a target is reached, or that there is none', () => {
    expect(textOf({ numerator: 11, rate: 1 })).toContain('已达标');
    expect(textOf({ target: null })).toContain('未设目标');
  });

  it('lets only those set the target who may', () => {
    expect(textOf({})).not.toContain('设定目标');
    expect(textOf({}, true)).toContain('设定目标');
  });
});
