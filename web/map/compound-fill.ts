/**
 * What a compound's area on the map says: how far it is covered, or whether it has open alarms. Pure.
 *
 * Colour is never alone: the outline's dashes and the label beside it say the same.
 */
import type { CompoundState } from '../../server/contract/district.ts';

export type FillMode = 'coverage' | 'alarms';

/** `not-counted`: merged or demolished. `no-standard`: nothing is required there yet. */
export type CompoundFill = 'covered' | 'partly' | 'uncovered' | 'no-standard' | 'not-counted' | 'alarmed' | 'calm';

export interface FillStyle {
  /** CSS variable of fill and outline. */
  readonly colour: string;
  readonly fillOpacity: number;
  readonly dashes: string | null;
}

export interface CompoundFacts {
  readonly state: CompoundState;
  readonly requiredPointCount: number;
  readonly coveredPointCount: number;
  readonly openAlarmCount: number;
}

/** Chooses the fill for a mode. */
export function chooseFill(facts: CompoundFacts, mode: FillMode): CompoundFill {
  if (facts.state !== 'in-ledger') return 'not-counted';
  if (mode === 'alarms') return facts.openAlarmCount > 0 ? 'alarmed' : 'calm';
  if (facts.requiredPointCount === 0) return 'no-standard';
  if (facts.coveredPointCount >= facts.requiredPointCount) return 'covered';
  return facts.coveredPointCount > 0 ? 'partly' : 'uncovered';
}

/** How each fill is drawn. */
export const FILL_STYLES: Readonly<Record<CompoundFill, FillStyle>> = {
  covered: { colour: '--state-online', fillOpacity: 0.16, dashes: null },
  partly: { colour: '--state-degraded', fillOpacity: 0.16, dashes: '10 4' },
  uncovered: { colour: '--state-offline', fillOpacity: 0.14, dashes: '3 4' },
  'no-standard': { colour: '--state-unknown', fillOpacity: 0.1, dashes: '1 5' },
  'not-counted': { colour: '--state-idle', fillOpacity: 0.06, dashes: '1 5' },
  alarmed: { colour: '--state-offline', fillOpacity: 0.22, dashes: null },
  calm: { colour: '--state-idle', fillOpacity: 0.06, dashes: null },
};

/** The fills that a mode can show, in the order of the legend. */
export const FILLS_OF_MODE: Readonly<Record<FillMode, readonly CompoundFill[]>> = {
  coverage: ['covered', 'partly', 'uncovered', 'no-standard', 'not-counted'],
  alarms: ['alarmed', 'calm', 'not-counted'],
};
