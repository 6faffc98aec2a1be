/**
 * The district's tree of areas. Names and codes are the real ones of 资中县 (statistical division codes as published; see
 * `README.md`); towns stand where a city has street offices. Only the communities that have a compound in the demo are here.
 */
import type { DemoArea } from './types.ts';

export const DEMO_AREAS: readonly DemoArea[] = [
  { key: 'zizhong', parentKey: null, kind: 'district', name: '资中县', divisionCode: '511025' },
  streetOffice('chonglong', '重龙镇', '511025100'),
  streetOffice('shuinan', '水南镇', '511025116'),
  streetOffice('xinqiao', '新桥镇', '511025118'),
  community('chonglong', 'xiwai', '西外社区', '511025100001'),
  community('chonglong', 'houxi', '后西社区', '511025100002'),
  community('chonglong', 'xijie', '西街社区', '511025100003'),
  community('chonglong', 'chengdong', '城东社区', '511025100005'),
  community('chonglong', 'wenmiao', '文庙社区', '511025100006'),
  community('chonglong', 'tiancaiba', '天才坝社区', '511025100009'),
  community('shuinan', 'renhe', '人和社区', '511025116001'),
  community('shuinan', 'bitan', '笔坛社区', '511025116003'),
  community('shuinan', 'wulin', '武陵社区', '511025116004'),
  community('shuinan', 'fenghuang', '凤凰社区', '511025116012'),
  community('shuinan', 'heming', '和鸣社区', '511025116016'),
  community('xinqiao', 'xinglong', '兴隆街社区', '511025118001'),
  community('xinqiao', 'xinqiaochang', '新桥场社区', '511025118002'),
];

function streetOffice(key: string, name: string, divisionCode: string): DemoArea {
  return { key: `office-${key}`, parentKey: 'zizhong', kind: 'street-office', name, divisionCode };
}

function community(officeKey: string, key: string, name: string, divisionCode: string): DemoArea {
  return { key: `community-${key}`, parentKey: `office-${officeKey}`, kind: 'community', name, divisionCode };
}
