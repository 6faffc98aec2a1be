/**
 * The demo district as data. Things refer to each other by `key`, a word that is unique among things of its kind; whoever
 * loads the district into a server maps keys to the ids that the server gave.
 */
import type { CoverageKind } from '../../../server/contract/coverage.ts';
import type { DeviceKind } from '../../../server/contract/cameras.ts';
import type { AreaKind, CompoundCategory, CompoundState, GeoPolygon, LedgerPhase, MonitoringPointKind } from '../../../server/contract/district.ts';

/** WGS-84 degrees. */
export interface DemoPosition {
  readonly longitude: number;
  readonly latitude: number;
}

export interface DemoArea {
  readonly key: string;
  readonly parentKey: string | null;
  readonly kind: AreaKind;
  readonly name: string;
  readonly divisionCode: string;
}

export interface DemoCompound {
  readonly key: string;
  readonly areaKey: string;
  readonly name: string;
  readonly address: string;
  readonly category: CompoundCategory;
  readonly phase: LedgerPhase;
  readonly state: CompoundState;
  readonly position: DemoPosition;
  readonly boundary: GeoPolygon;
}

export interface DemoBuilding {
  readonly key: string;
  readonly compoundKey: string;
  readonly name: string;
  readonly position: DemoPosition;
}

export interface DemoMonitoringPoint {
  readonly key: string;
  readonly compoundKey: string;
  readonly buildingKey: string | null;
  readonly kind: MonitoringPointKind;
  readonly name: string;
  readonly isRequired: boolean;
  readonly position: DemoPosition;
}

export interface DemoSiteLink {
  readonly key: string;
  readonly compoundKey: string;
  readonly name: string;
  readonly provider: string;
}

export interface DemoDevice {
  readonly key: string;
  readonly compoundKey: string;
  readonly siteLinkKey: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly vendor: string;
  readonly model: string;
  readonly channelCount: number;
}

/** What the simulated camera looks at. */
export type ClipPlace = 'gate' | 'courtyard' | 'road' | 'stairwell' | 'building-entrance' | 'parking' | 'alley';

/** A fault of the simulator that comes and goes by itself; seconds count from the simulator's start. */
export interface DemoFault {
  readonly kind: 'reboot' | 'refuse' | 'unauthorized' | 'frozen' | 'stall' | 'silence' | 'black';
  readonly everySeconds: number;
  readonly offsetSeconds: number;
  readonly seconds: number;
}

export interface DemoCamera {
  readonly key: string;
  readonly compoundKey: string;
  readonly buildingKey: string | null;
  readonly deviceKey: string;
  /** 1-based channel on its device. */
  readonly channel: number;
  readonly name: string;
  readonly position: DemoPosition;
  /** Degrees clockwise from north, 0 to 359. */
  readonly bearingDeg: number;
  readonly mode: 'always' | 'on-demand';
  readonly isKeyPlace: boolean;
  /** Null until somebody has signed the camera off. */
  readonly acceptance: { readonly acceptedOn: string; readonly acceptedBy: string } | null;
  /** Monitoring points that the camera is confirmed to see. */
  readonly pointKeys: readonly string[];
  readonly clip: { readonly place: ClipPlace; readonly light: 'day' | 'night' };
  /** Of the main stream; the sub stream is always H.264. */
  readonly codec: 'h264' | 'h265';
  readonly audio: 'none' | 'aac' | 'pcma';
  /** Null for a camera that behaves. */
  readonly fault: DemoFault | null;
}

export interface DemoDistrict {
  /** Parents before children. */
  readonly areas: readonly DemoArea[];
  readonly compounds: readonly DemoCompound[];
  readonly buildings: readonly DemoBuilding[];
  readonly monitoringPoints: readonly DemoMonitoringPoint[];
  readonly siteLinks: readonly DemoSiteLink[];
  readonly devices: readonly DemoDevice[];
  readonly cameras: readonly DemoCamera[];
  readonly coverageTargets: readonly { readonly areaKey: string; readonly kind: CoverageKind; readonly target: number }[];
}
