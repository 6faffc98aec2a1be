/**
 * The demo's compounds: what they are called, what the building standard asks of them, and which cameras hang there.
 * Names and people are invented. Where things stand comes from `sites.json`, by the site's key.
 *
 * Coverage comes out so that there is something to explain: eleven count, one was merged and one demolished. A is 9 of 11
 * (凤凰 waits to be signed off, 兴隆街 has nothing yet); B is 6 of 11 (东城 lacks a camera at its parking, 天才坝 has no
 * standard yet, one camera in 武陵 never answered).
 */
import type { CompoundCategory, CompoundState, LedgerPhase } from '../../../server/contract/district.ts';
import type { ClipPlace, DemoFault } from './types.ts';

/** One compound as it is written down; `sites.json` adds the geometry. */
export interface CompoundPlan {
  /** Key of its site and of the compound itself. */
  readonly key: string;
  readonly areaKey: string;
  readonly name: string;
  readonly address: string;
  readonly category: CompoundCategory;
  readonly phase: LedgerPhase;
  readonly state: CompoundState;
  readonly provider: string;
  /** Anchors of the site that the standard requires to be seen. */
  readonly requiredPoints: readonly string[];
  /** Anchors that are on the list but not required. */
  readonly otherPoints?: readonly string[];
  /** Cameras that hang on one NVR; null when every camera is a device of its own. */
  readonly nvr: string | null;
  readonly acceptance: { readonly acceptedOn: string; readonly acceptedBy: string } | null;
  readonly cameras: readonly CameraPlan[];
}

export interface CameraPlan {
  readonly name: string;
  /** Anchor at which it hangs. */
  readonly at: string;
  /** Anchors that it sees; default: the one at which it hangs. */
  readonly sees?: readonly string[];
  readonly place: ClipPlace;
  readonly light?: 'day' | 'night';
  readonly codec?: 'h264' | 'h265';
  readonly audio?: 'aac' | 'pcma';
  readonly isKeyPlace?: boolean;
  /** Not on the compound's NVR but a device of its own. */
  readonly isOwnDevice?: boolean;
  readonly fault?: DemoFault;
}

export const COMPOUND_PLANS: readonly CompoundPlan[] = [
  {
    key: 'wenmiao',
    areaKey: 'community-wenmiao',
    name: '文庙苑',
    address: '重龙镇文庙社区桂湖街18号',
    category: 'property-company',
    phase: 'keep-up',
    state: 'in-ledger',
    provider: '中国电信',
    requiredPoints: [
      'entrance:1',
      'entrance:2',
      'building-entrance:1.1',
      'building-entrance:2.1',
      'building-entrance:3.1',
      'building-entrance:4.1',
      'road:1',
      'parking:1',
    ],
    otherPoints: ['boundary-wall:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-03-18', acceptedBy: '周明远' },
    cameras: [
      { name: '文庙苑西北门', at: 'entrance:1', place: 'gate', audio: 'aac', isKeyPlace: true },
      { name: '文庙苑东门', at: 'entrance:2', place: 'gate', light: 'night' },
      {
        name: '文庙苑1、2栋单元门',
        at: 'building-entrance:1.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1'],
        place: 'building-entrance',
      },
      {
        name: '文庙苑3、4栋单元门',
        at: 'building-entrance:3.1',
        sees: ['building-entrance:3.1', 'building-entrance:4.1'],
        place: 'building-entrance',
        light: 'night',
      },
      { name: '文庙苑主路及停车场', at: 'parking:1', sees: ['road:1', 'parking:1'], place: 'parking', codec: 'h265' },
    ],
  },
  {
    key: 'houxi',
    areaKey: 'community-houxi',
    name: '后西商住楼',
    address: '重龙镇后西社区后西街66号',
    category: 'self-governing',
    phase: 'consolidate',
    state: 'in-ledger',
    provider: '中国移动',
    requiredPoints: ['entrance:1', 'building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1', 'public-area:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-05-06', acceptedBy: '周明远' },
    cameras: [
      { name: '后西商住楼大门', at: 'entrance:1', place: 'gate', fault: { kind: 'reboot', everySeconds: 420, offsetSeconds: 90, seconds: 35 } },
      {
        name: '后西商住楼1、2栋单元门',
        at: 'building-entrance:1.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1'],
        place: 'stairwell',
        light: 'night',
      },
      { name: '后西商住楼内院', at: 'public-area:1', sees: ['building-entrance:3.1', 'public-area:1'], place: 'courtyard', audio: 'pcma' },
    ],
  },
  {
    key: 'chengdong',
    areaKey: 'community-chengdong',
    name: '东城丽景花园（一期、二期、三期及沿街商铺附属楼）',
    address: '重龙镇城东社区东门正街201号',
    category: 'property-company',
    phase: 'accept',
    state: 'in-ledger',
    provider: '中国联通',
    requiredPoints: ['entrance:1', 'entrance:2', 'building-entrance:1.1', 'building-entrance:2.1', 'parking:1', 'road:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-09-22', acceptedBy: '何静文' },
    cameras: [
      { name: '东城丽景花园北门（一期、二期）人行及车行出入口', at: 'entrance:1', place: 'gate', codec: 'h265' },
      {
        name: '东城丽景花园南门',
        at: 'entrance:2',
        place: 'gate',
        light: 'night',
        fault: { kind: 'unauthorized', everySeconds: 900, offsetSeconds: 240, seconds: 90 },
      },
      {
        name: '东城丽景花园1、2栋单元门',
        at: 'building-entrance:1.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1', 'road:1'],
        place: 'building-entrance',
      },
    ],
  },
  {
    key: 'xijie-single',
    areaKey: 'community-xijie',
    name: '西街12号零散楼栋',
    address: '重龙镇西街社区西街12号',
    category: 'grid-staff',
    phase: 'consolidate',
    state: 'in-ledger',
    provider: '中国电信',
    requiredPoints: ['entrance:1', 'building-entrance:1.1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-06-11', acceptedBy: '周明远' },
    cameras: [
      { name: '西街12号巷口', at: 'entrance:1', place: 'alley' },
      { name: '西街12号单元门', at: 'building-entrance:1.1', place: 'stairwell', light: 'night' },
    ],
  },
  {
    key: 'tiancaiba',
    areaKey: 'community-tiancaiba',
    name: '天才坝新居',
    address: '重龙镇天才坝社区苌弘大道309号',
    category: 'property-company',
    phase: 'cure',
    state: 'in-ledger',
    provider: '中国移动',
    requiredPoints: [],
    otherPoints: ['entrance:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-10-30', acceptedBy: '何静文' },
    cameras: [
      { name: '天才坝新居北门', at: 'entrance:1', place: 'gate', isKeyPlace: true },
      { name: '天才坝新居中心活动区', at: 'public-area:1', sees: [], place: 'courtyard' },
    ],
  },
  {
    key: 'renhe',
    areaKey: 'community-renhe',
    name: '人和家园',
    address: '水南镇人和社区水南大道45号',
    category: 'property-company',
    phase: 'keep-up',
    state: 'in-ledger',
    provider: '中国电信',
    requiredPoints: [
      'entrance:1',
      'entrance:2',
      'building-entrance:1.1',
      'building-entrance:2.1',
      'building-entrance:3.1',
      'building-entrance:4.1',
      'building-entrance:5.1',
      'public-area:1',
    ],
    otherPoints: ['boundary-wall:1', 'boundary-wall:2'],
    nvr: '人和家园门卫室硬盘录像机',
    acceptance: { acceptedOn: '2026-02-27', acceptedBy: '罗建国' },
    cameras: [
      { name: '人和家园东门', at: 'entrance:1', place: 'gate', isOwnDevice: true },
      { name: '人和家园南门', at: 'entrance:2', place: 'gate', light: 'night' },
      {
        name: '人和家园1–3栋单元门',
        at: 'building-entrance:2.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1'],
        place: 'building-entrance',
      },
      {
        name: '人和家园4、5栋单元门',
        at: 'building-entrance:5.1',
        sees: ['building-entrance:4.1', 'building-entrance:5.1'],
        place: 'building-entrance',
        light: 'night',
        fault: { kind: 'frozen', everySeconds: 480, offsetSeconds: 60, seconds: 80 },
      },
      { name: '人和家园中心活动区', at: 'public-area:1', place: 'courtyard' },
    ],
  },
  {
    key: 'bitan',
    areaKey: 'community-bitan',
    name: '笔坛小区',
    address: '水南镇笔坛社区笔坛路8号',
    category: 'community-custody',
    phase: 'consolidate',
    state: 'in-ledger',
    provider: '中国移动',
    requiredPoints: ['entrance:1', 'building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1', 'parking:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-04-15', acceptedBy: '罗建国' },
    cameras: [
      { name: '笔坛小区北门', at: 'entrance:1', place: 'gate', audio: 'aac' },
      {
        name: '笔坛小区1–3栋单元门',
        at: 'building-entrance:2.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1'],
        place: 'stairwell',
        light: 'night',
      },
      { name: '笔坛小区停车场', at: 'parking:1', place: 'parking', fault: { kind: 'black', everySeconds: 780, offsetSeconds: 120, seconds: 100 } },
    ],
  },
  {
    key: 'wulin',
    areaKey: 'community-wulin',
    name: '武陵机械厂家属院',
    address: '水南镇武陵社区武陵街77号',
    category: 'community-custody',
    phase: 'cure',
    state: 'in-ledger',
    provider: '中国联通',
    requiredPoints: ['entrance:1', 'entrance:2', 'building-entrance:1.1', 'building-entrance:2.1', 'road:1'],
    nvr: null,
    acceptance: { acceptedOn: '2026-08-04', acceptedBy: '罗建国' },
    cameras: [
      { name: '武陵家属院西南门', at: 'entrance:1', place: 'gate', light: 'night' },
      // Never answers: the accepted camera that was never connected.
      {
        name: '武陵家属院东门',
        at: 'entrance:2',
        place: 'gate',
        fault: { kind: 'refuse', everySeconds: 31_536_000, offsetSeconds: 0, seconds: 31_536_000 },
      },
      {
        name: '武陵家属院1、2栋单元门',
        at: 'building-entrance:1.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1'],
        place: 'stairwell',
        light: 'night',
      },
      { name: '武陵家属院主路', at: 'road:1', place: 'road', fault: { kind: 'stall', everySeconds: 540, offsetSeconds: 200, seconds: 30 } },
    ],
  },
  {
    key: 'fenghuang',
    areaKey: 'community-fenghuang',
    name: '凤凰新城',
    address: '水南镇凤凰社区凤凰大道120号',
    category: 'property-company',
    phase: 'accept',
    state: 'in-ledger',
    provider: '中国电信',
    requiredPoints: ['entrance:1', 'entrance:2', 'building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1', 'parking:1'],
    nvr: null,
    acceptance: null,
    cameras: [
      { name: '凤凰新城西门', at: 'entrance:1', place: 'gate', codec: 'h265' },
      { name: '凤凰新城主路', at: 'road:1', sees: ['parking:1'], place: 'road' },
      { name: '凤凰新城中心花园', at: 'public-area:1', sees: ['building-entrance:1.1', 'building-entrance:2.1'], place: 'courtyard', light: 'night' },
    ],
  },
  {
    key: 'heming',
    areaKey: 'community-heming',
    name: '和鸣巷安置房',
    address: '水南镇和鸣社区和鸣巷3号',
    category: 'self-governing',
    phase: 'consolidate',
    state: 'merged',
    provider: '中国电信',
    requiredPoints: ['entrance:1'],
    nvr: null,
    acceptance: null,
    cameras: [],
  },
  {
    key: 'xinglong',
    areaKey: 'community-xinglong',
    name: '兴隆街供销社宿舍',
    address: '新桥镇兴隆街社区兴隆街90号',
    category: 'community-custody',
    phase: 'mobilise',
    state: 'in-ledger',
    provider: '中国移动',
    requiredPoints: ['entrance:1', 'entrance:2', 'building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1'],
    nvr: null,
    acceptance: null,
    cameras: [],
  },
  {
    key: 'xinqiao',
    areaKey: 'community-xinqiaochang',
    name: '新桥粮站小区',
    address: '新桥镇新桥场社区新桥大道16号',
    category: 'community-custody',
    phase: 'consolidate',
    state: 'in-ledger',
    provider: '中国电信',
    requiredPoints: [
      'entrance:1',
      'entrance:2',
      'building-entrance:1.1',
      'building-entrance:2.1',
      'building-entrance:3.1',
      'parking:1',
      'boundary-wall:1',
    ],
    nvr: '新桥粮站小区物业硬盘录像机',
    acceptance: { acceptedOn: '2026-07-09', acceptedBy: '蒋雨晴' },
    cameras: [
      { name: '粮站小区北门', at: 'entrance:1', place: 'gate', audio: 'pcma' },
      {
        name: '粮站小区西门',
        at: 'entrance:2',
        place: 'gate',
        light: 'night',
        fault: { kind: 'silence', everySeconds: 660, offsetSeconds: 300, seconds: 45 },
      },
      {
        name: '粮站小区1–3栋单元门',
        at: 'building-entrance:2.1',
        sees: ['building-entrance:1.1', 'building-entrance:2.1', 'building-entrance:3.1'],
        place: 'building-entrance',
        light: 'night',
      },
      {
        name: '粮站小区停车场及东侧围墙',
        at: 'parking:1',
        sees: ['parking:1', 'boundary-wall:1'],
        place: 'parking',
        isOwnDevice: true,
        fault: { kind: 'refuse', everySeconds: 600, offsetSeconds: 150, seconds: 60 },
      },
    ],
  },
  {
    key: 'xiwai',
    areaKey: 'community-xiwai',
    name: '西外老粮仓宿舍',
    address: '重龙镇西外社区西外街5号',
    category: 'grid-staff',
    phase: 'cure',
    state: 'demolished',
    provider: '中国联通',
    requiredPoints: ['entrance:1'],
    nvr: null,
    acceptance: null,
    cameras: [],
  },
];
