import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNode, findNodeFault, isInstalled, projectFolder } from '../../../server/launch/install.mjs';
import { exitCodes } from '../../../server/processes/exit.ts';
import { finalExitCodes } from '../../../server/launch/run-supervised.mjs';

describe('the launcher', () => {
  it.each([
    ['v18.20.1', false],
    ['v20.0.0', true],
    ['v20.19.5', true],
    ['v24.1.0', true],
    ['v26.0.0', true],
  ])('judges Node %s', (version, isFine) => {
    expect(findNodeFault(version) === null).toBe(isFine);
  });

  it('says in one sentence which Node it needs', () => {
    expect(findNodeFault('v18.20.1')).toMatch(/^Yilan needs Node 20 or newer, and this is v18\.20\.1: [^.]+nodejs\.org[^.]+\.$/);
  });

  it('finds the project and a Node that runs TypeScript', () => {
    expect(existsSync(join(projectFolder, 'package.json'))).toBe(true);
    expect(existsSync(findNode())).toBe(true);
  });

  it('knows the exit codes after which nothing is started again', () => {
    expect([...finalExitCodes].sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  });
});

describe('what is installed', () => {
  const lock = (packages: object) => JSON.stringify({ packages: { '': {}, ...packages } });

  it.each([
    ['nothing', { a: { version: '1.0.0' } }, null, false],
    ['everything', { a: { version: '1.0.0' } }, { a: { version: '1.0.0' } }, true],
    ['an old version', { a: { version: '1.0.1' } }, { a: { version: '1.0.0' } }, false],
    ['all but a package', { a: { version: '1.0.0' }, b: { version: '1.0.0' } }, { a: { version: '1.0.0' } }, false],
    ['all but a package for other machines', { a: { version: '1.0.0' }, b: { version: '1.0.0', optional: true } }, { a: { version: '1.0.0' } }, true],
  ])('is complete with %s: %j, %j', (_name, wanted, installed, isComplete) => {
    expect(isInstalled(lock(wanted), installed === null ? null : lock(installed))).toBe(isComplete);
  });
});
