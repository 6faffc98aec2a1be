import { describe, expect, it } from 'vitest';
import type { CompoundSummary } from '../../../server/contract/district.ts';
import { chooseRows, formatTableQuery, parseTableQuery } from '../../../web/compounds/compound-table.ts';
import type { LedgerRow } from '../../../web/compounds/compound-table.ts';

function row(
  name: string,
  part: { area?: string; phase?: CompoundSummary['compound']['phase']; covered?: number; required?: number; alarms?: number } = {},
): LedgerRow {
  const area = part.area ?? '重龙镇';
  return {
    summary: {
      compound: {
        id: name,
        areaId: area,
        name,
        address: `${area}一号`,
        category: 'grid-staff',
        phase: part.phase ?? 'cure',
        state: 'in-ledger',
        longitude: null,
        latitude: null,
        boundary: null,
      },
      areaPath: [{ id: area, name: area, kind: 'street-office' }],
      cameraCount: 0,
      onlineCameraCount: 0,
      requiredPointCount: part.required ?? 0,
      coveredPointCount: part.covered ?? 0,
      openAlarmCount: 0,
    },
    onlineCameraCount: 0,
    openAlarmCount: part.alarms ?? 0,
  };
}

const all = parseTableQuery({});
const names = (rows: readonly LedgerRow[]): string[] => rows.map((entry) => entry.summary.compound.name);

describe('ledger table', () => {
  const rows = [
    row('文庙苑', { covered: 8, required: 8 }),
    row('人和家园', { area: '水南镇', phase: 'keep-up', covered: 2, required: 8, alarms: 3 }),
    row('天才坝新居'),
  ];

  it('finds by name, address and area', () => {
    expect(names(chooseRows(rows, { ...all, text: '文庙' }))).toEqual(['文庙苑']);
    expect(names(chooseRows(rows, { ...all, text: '水南' }))).toEqual(['人和家园']);
    expect(names(chooseRows(rows, { ...all, areaId: '水南镇' }))).toEqual(['人和家园']);
    expect(names(chooseRows(rows, { ...all, phase: 'keep-up' }))).toEqual(['人和家园']);
    expect(names(chooseRows(rows, { ...all, category: 'property-company' }))).toEqual([]);
  });

  it('sorts by share of points with those without a standard below zero, and by alarms', () => {
    expect(names(chooseRows(rows, { ...all, sort: 'points' }))).toEqual(['天才坝新居', '人和家园', '文庙苑']);
    expect(names(chooseRows(rows, { ...all, sort: 'alarms', isDescending: true }))[0]).toBe('人和家园');
  });

  it('keeps its query in the URL', () => {
    const query = { text: '苑', areaId: 'x', phase: 'cure' as const, category: 'grid-staff' as const, sort: 'points' as const, isDescending: true };
    expect(parseTableQuery(formatTableQuery(query))).toEqual(query);
    expect(formatTableQuery(all)).toEqual({});
    expect(parseTableQuery({ phase: 'nonsense', sort: ['name'], q: 3 })).toEqual(all);
  });
});
