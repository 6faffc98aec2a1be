import { describe, expect, it } from 'vitest';
import type { CoverageFigure } from '../../../server/contract/coverage.ts';
import { formatCoverageCsv } from '../../../server/coverage/coverage-csv.ts';
import { toExcelText } from '../../../server/coverage/excel-text.ts';

const figure: CoverageFigure = {
  kind: 'B',
  formulaVersion: 'coverage-1',
  areaId: 'd',
  at: '2026-05-01T00:00:00.000Z',
  numerator: 1,
  denominator: 3,
  rate: 1 / 3,
  target: 0.95,
  members: ['c1', 'c2', 'c3'],
  excluded: [{ id: 'c4', reason: 'merged' }],
  failing: [
    { compoundId: 'c2', reasons: [{ code: 'no-standard' }] },
    {
      compoundId: 'c3',
      reasons: [
        { code: 'point-without-camera', pointId: 'p', pointName: '北门' },
        { code: 'point-camera-not-networked', pointId: 'q', pointName: '3,4号楼', cameraIds: ['x'] },
      ],
    },
  ],
  inputHash: 'ab'.repeat(32),
};
const place = { streetOffice: '重龙镇', community: '后西社区' };
const labels = [
  { id: 'c1', name: '=cmd|calc', ...place },
  { id: 'c2', name: '后西街"老"院', ...place },
  { id: 'c3', name: '水南小区', ...place },
  { id: 'c4', name: '油房街院', ...place },
];
const options = { areaName: '资中县', timeZone: 'Asia/Shanghai' };

describe('formatCoverageCsv', () => {
  it('is the file that Excel opens, byte for byte', () => {
    const text = formatCoverageCsv(figure, labels, options);
    expect([...Buffer.from(text).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text.slice(1).split('\r\n')).toEqual([
      '指标,联网覆盖率（B）',
      '区域,资中县',
      '统计时点,2026-05-01 08:00:00 (Asia/Shanghai)',
      '达标小区数,1',
      '应计小区数,3',
      '覆盖率,33.33%',
      '覆盖率（未取整）,0.3333333333333333',
      '目标,95.00%',
      '公式版本,coverage-1',
      `数据指纹（SHA-256）,${'ab'.repeat(32)}`,
      '',
      '街道办事处,社区,小区,是否计入,是否达标,原因,小区编号',
      "重龙镇,后西社区,'=cmd|calc,是,是,,c1",
      '重龙镇,后西社区,"后西街""老""院",是,否,未设定应建监控点位,c2',
      '重龙镇,后西社区,水南小区,是,否,"点位“北门”没有摄像机；点位“3,4号楼”的摄像机未联网",c3',
      '重龙镇,后西社区,油房街院,否,不适用,已合并,c4',
      '',
    ]);
  });

  it.each([
    [0.84996, '84.99%'],
    [0.99999, '99.99%'],
    [0.57, '57.00%'],
    [0.29, '29.00%'],
    [2 / 3, '66.66%'],
    [1, '100.00%'],
    [0, '0.00%'],
  ])('cuts the rate %d to %s', (rate, printed) => {
    expect(formatCoverageCsv({ ...figure, rate }, labels, options)).toContain(`\r\n覆盖率,${printed}\r\n`);
  });

  it('prints 不适用 for an empty denominator and a missing target', () => {
    const empty = { ...figure, numerator: 0, denominator: 0, rate: null, target: null, members: [], excluded: [], failing: [] };
    const text = formatCoverageCsv(empty, [], options);
    expect(text).toContain('覆盖率,不适用\r\n');
    expect(text).toContain('目标,不适用\r\n');
  });
});

it.each([
  ['=1+1', "'=1+1"],
  ['+86 10', "'+86 10"],
  ['-cmd', "'-cmd"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['＝1+1', "'＝1+1"],
  ['-12.5', '-12.5'],
  ['95.00%', '95.00%'],
  ['后西社区', '后西社区'],
  ['a=b', 'a=b'],
  ['', ''],
])('toExcelText(%j) is %j', (cell, expected) => {
  expect(toExcelText(cell)).toBe(expected);
});
