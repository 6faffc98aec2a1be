/** The shape of each camera state on a 12 × 12 grid, so that state is never told by colour alone. Map symbols use them too. */
import type { CameraStatus } from '../../server/contract/cameras.ts';

export interface StateShape {
  readonly path: string;
  /** Filled, drawn as a line, or as a dashed line. */
  readonly kind: 'filled' | 'outlined' | 'dashed';
  /** CSS variable of its colour. */
  readonly color: string;
}

export const stateShapes: Readonly<Record<CameraStatus, StateShape>> = {
  online: { path: 'M6 1.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9Z', kind: 'filled', color: 'var(--state-online)' },
  degraded: { path: 'M6 1 11.500 11H.5Z', kind: 'filled', color: 'var(--state-degraded)' },
  offline: { path: 'M1.500 1.500h9v9h-9Z', kind: 'filled', color: 'var(--state-offline)' },
  connecting: { path: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', kind: 'dashed', color: 'var(--state-connecting)' },
  idle: { path: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', kind: 'outlined', color: 'var(--state-idle)' },
  unknown: { path: 'M6 .5 11.500 6 6 11.500.5 6Z', kind: 'filled', color: 'var(--state-unknown)' },
};
