/** Areas, compounds, buildings and monitoring points. All positions are WGS-84 degrees; boundaries are GeoJSON. */
export type AreaKind = 'district' | 'street-office' | 'community' | 'grid';

export interface Area {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: AreaKind;
  readonly name: string;
  /** 统计用区划代码, 6, 9 or 12 digits. */
  readonly divisionCode: string | null;
}

/** `merged` and `demolished` leave every denominator; a cured compound stays `in-ledger`. */
export type CompoundState = 'in-ledger' | 'merged' | 'demolished';
/** 分类施策. */
export type CompoundCategory = 'property-company' | 'community-custody' | 'self-governing' | 'grid-staff';
/** 三无 → 三有 phases. */
export type LedgerPhase = 'mobilise' | 'cure' | 'accept' | 'consolidate' | 'keep-up';

export interface GeoPolygon {
  readonly type: 'Polygon';
  /** Rings of [longitude, latitude]. */
  readonly coordinates: readonly (readonly (readonly [number, number])[])[];
}

export interface Compound {
  readonly id: string;
  readonly areaId: string;
  readonly name: string;
  readonly address: string | null;
  readonly category: CompoundCategory | null;
  readonly phase: LedgerPhase;
  readonly state: CompoundState;
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly boundary: GeoPolygon | null;
}

export interface Building {
  readonly id: string;
  readonly compoundId: string;
  readonly name: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
}

/** 出入口, 单元门, 道路, 停车, 公共区域, 周界. */
export type MonitoringPointKind = 'entrance' | 'building-entrance' | 'road' | 'parking' | 'public-area' | 'boundary-wall';

export interface MonitoringPoint {
  readonly id: string;
  readonly compoundId: string;
  readonly buildingId: string | null;
  readonly kind: MonitoringPointKind;
  readonly name: string;
  /** Whether the building standard requires it to be seen. */
  readonly isRequired: boolean;
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** Cameras confirmed to see this point. */
  readonly cameraIds: readonly string[];
}

/** 上联链路: the uplink that a compound's devices share. */
export interface SiteLink {
  readonly id: string;
  readonly compoundId: string;
  readonly name: string;
  readonly provider: string | null;
}

/** `GET /compounds/{id}/ledger-row` and the compounds table: a read model over several tables. */
export interface CompoundSummary {
  readonly compound: Compound;
  readonly areaPath: readonly { readonly id: string; readonly name: string; readonly kind: AreaKind }[];
  readonly cameraCount: number;
  readonly onlineCameraCount: number;
  readonly requiredPointCount: number;
  /** Required points that at least one networked camera sees. */
  readonly coveredPointCount: number;
  readonly openAlarmCount: number;
}
