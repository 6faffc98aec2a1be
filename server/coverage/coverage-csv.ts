/**
 * A coverage figure as a file for Excel: UTF-8 with byte order mark, lines ended by CR LF, Chinese headings. Head lines say what
 * the figure is and what it was computed from; then one row per compound.
 */
import { stringify } from 'csv-stringify/sync';
import type { CoverageExclusion, CoverageFailure, CoverageFigure, CoverageKind } from '../contract/coverage.ts';
import { toExcelText } from './excel-text.ts';

/** Names for the rows, by compound id. */
export interface CompoundLabel {
  readonly id: string;
  readonly name: string;
  /** Street office and community, for the columns of those names; '' where there is none. */
  readonly streetOffice: string;
  readonly community: string;
}

export interface CoverageCsvOptions {
  readonly areaName: string;
  /** IANA zone of the district; moments are printed in it. */
  readonly timeZone: string;
}

/** Whole text of the file. Every cell that a spreadsheet could take for a formula is made text. */
export function formatCoverageCsv(figure: CoverageFigure, labels: readonly CompoundLabel[], options: CoverageCsvOptions): string {
  const head = [
    ['指标', KIND_WORDS[figure.kind]],
    ['区域', options.areaName],
    ['统计时点', formatMoment(figure.at, options.timeZone)],
    ['达标小区数', String(figure.numerator)],
    ['应计小区数', String(figure.denominator)],
    ['覆盖率', formatRate(figure.rate)],
    ['覆盖率（未取整）', figure.rate === null ? '不适用' : String(figure.rate)],
    ['目标', formatRate(figure.target)],
    ['公式版本', figure.formulaVersion],
    ['数据指纹（SHA-256）', figure.inputHash],
    [],
    ['街道办事处', '社区', '小区', '是否计入', '是否达标', '原因', '小区编号'],
  ];
  const rows = compoundRows(figure, new Map(labels.map((label) => [label.id, label])));
  const cells = [...head, ...rows].map((row) => row.map(toExcelText));
  return stringify(cells, { bom: true, record_delimiter: 'windows' });
}

function compoundRows(figure: CoverageFigure, labels: ReadonlyMap<string, CompoundLabel>): readonly (readonly string[])[] {
  const failing = new Map(figure.failing.map((entry) => [entry.compoundId, entry.reasons]));
  const rows = [
    ...figure.members.map((id) => {
      const reasons = failing.get(id);
      return { id, isMember: '是', isCovered: reasons === undefined ? '是' : '否', why: (reasons ?? []).map(failureWords).join('；') };
    }),
    ...figure.excluded.map(({ id, reason }) => ({ id, isMember: '否', isCovered: '不适用', why: EXCLUSION_WORDS[reason] })),
  ];
  return rows
    .map((row) => ({ ...row, label: labels.get(row.id) ?? { id: row.id, name: row.id, streetOffice: '', community: '' } }))
    .toSorted((a, b) => compareLabels(a.label, b.label))
    .map(({ label, isMember, isCovered, why }) => [label.streetOffice, label.community, label.name, isMember, isCovered, why, label.id]);
}

function compareLabels(a: CompoundLabel, b: CompoundLabel): number {
  const collate = (x: string, y: string): number => x.localeCompare(y, 'zh-CN');
  return collate(a.streetOffice, b.streetOffice) || collate(a.community, b.community) || collate(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

const KIND_WORDS: Readonly<Record<CoverageKind, string>> = { A: '名义覆盖率（A）', B: '联网覆盖率（B）' };
const EXCLUSION_WORDS: Readonly<Record<CoverageExclusion, string>> = { merged: '已合并', demolished: '已拆除' };

function failureWords(failure: CoverageFailure): string {
  switch (failure.code) {
    case 'no-accepted-camera':
      return '没有已验收的摄像机';
    case 'no-standard':
      return '未设定应建监控点位';
    case 'point-without-camera':
      return `点位“${failure.pointName}”没有摄像机`;
    case 'point-camera-not-networked':
      return `点位“${failure.pointName}”的摄像机未联网`;
  }
}

/**
 * Percent with two digits, beside the unrounded fraction. Cut, not rounded: 84.996 % must not read as a target of 85 % reached, nor
 * 99.996 % as everything. An empty denominator is 不适用, never 0 % or 100 %.
 */
function formatRate(rate: number | null): string {
  // The addend brings back what the binary fraction lacks: 0.57 × 10,000 is a little less than 5,700.
  return rate === null ? '不适用' : `${(Math.floor(rate * 10_000 + 1e-6) / 100).toFixed(2)}%`;
}

function formatMoment(iso: string, timeZone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));
  return `${text} (${timeZone})`;
}
