/**
 * Colours of the base map. It is the quiet ground under the cameras: low saturation everywhere, because on this screen a
 * strong colour means a state.
 */
import type { AreaKind, LineKind, Storeys } from './base-map-format.ts';

export interface BaseMapPalette {
  /** Beyond the county. */
  readonly outside: string;
  readonly areas: Readonly<Record<AreaKind, string>>;
  /** Line around walled lots and around the county. */
  readonly lotEdge: string;
  readonly countyEdge: string;
  readonly waterEdge: string;
  readonly lines: Readonly<Record<LineKind, { readonly fill: string; readonly casing: string }>>;
  readonly buildings: Readonly<Record<Storeys, string>>;
  readonly buildingEdge: string;
  readonly text: { readonly street: string; readonly place: string; readonly town: string; readonly water: string; readonly halo: string };
}

export const DARK_PALETTE: BaseMapPalette = {
  outside: '#0a0c10',
  areas: {
    county: '#10141a',
    hill: '#131d1c',
    farmland: '#121a1c',
    block: '#161c24',
    lot: '#192029',
    industry: '#181d25',
    embankment: '#14201f',
    park: '#152421',
    school: '#1e2029',
    hospital: '#221e27',
    square: '#1e252e',
    civic: '#1d222c',
    garden: '#1a2527',
    track: '#2b2627',
    field: '#1a2a25',
    river: '#12222f',
    pond: '#142533',
  },
  lotEdge: '#242d38',
  countyEdge: '#38465a',
  waterEdge: '#1b3242',
  lines: {
    motorway: { fill: '#37414e', casing: '#1a2028' },
    primary: { fill: '#333d4a', casing: '#0e1217' },
    secondary: { fill: '#2b343f', casing: '#0f1318' },
    tertiary: { fill: '#252d37', casing: '#10141a' },
    residential: { fill: '#202730', casing: '#11151b' },
    country: { fill: '#262e38', casing: '#0d1015' },
    path: { fill: '#24352f', casing: '#24352f' },
    rail: { fill: '#3a424d', casing: '#11151b' },
    bridge: { fill: '#3a4553', casing: '#0b1016' },
  },
  buildings: { low: '#222a34', middle: '#262f3a', high: '#2c3642' },
  buildingEdge: '#364250',
  text: { street: '#74808f', place: '#7c8c88', town: '#a9b4c2', water: '#4d7a98', halo: '#0d1117' },
};

export const LIGHT_PALETTE: BaseMapPalette = {
  outside: '#e3e7ec',
  areas: {
    county: '#f1f2ef',
    hill: '#e4ebe1',
    farmland: '#eaf0e4',
    block: '#f4f4f3',
    lot: '#faf9f7',
    industry: '#eeeef1',
    embankment: '#d9e6d6',
    park: '#d3e4d0',
    school: '#efeae0',
    hospital: '#f3e6e6',
    square: '#e9e8e4',
    civic: '#ebe9ee',
    garden: '#e9efe2',
    track: '#e2cfc6',
    field: '#cfe0c8',
    river: '#c3d9e8',
    pond: '#c3d9e8',
  },
  lotEdge: '#dcdad4',
  countyEdge: '#9aa7b6',
  waterEdge: '#a9c6d9',
  lines: {
    motorway: { fill: '#f3e3bf', casing: '#d3bd8c' },
    primary: { fill: '#fbf1d6', casing: '#dccfae' },
    secondary: { fill: '#ffffff', casing: '#d2d5d8' },
    tertiary: { fill: '#ffffff', casing: '#d9dbdd' },
    residential: { fill: '#ffffff', casing: '#e1e2e3' },
    country: { fill: '#ffffff', casing: '#cfd2d4' },
    path: { fill: '#f4f7ef', casing: '#f4f7ef' },
    rail: { fill: '#a7adb5', casing: '#f1f2ef' },
    bridge: { fill: '#fbf1d6', casing: '#b9ad8d' },
  },
  buildings: { low: '#e6e3dd', middle: '#dedbd5', high: '#d4d2ce' },
  buildingEdge: '#c6c3bd',
  text: { street: '#66707c', place: '#5d7159', town: '#2f3b49', water: '#4f83a6', halo: '#ffffff' },
};
