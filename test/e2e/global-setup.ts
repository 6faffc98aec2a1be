/** One demo for all end-to-end tests; each of them uses cameras of its own. */
import type { TestProject } from 'vitest/node';
import { startDemo } from '../support/demo-process.ts';
import type { DemoHandle } from '../support/demo-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly demo: DemoHandle;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const demo = await startDemo();
  const { report, dataDir, password } = demo;
  project.provide('demo', { report, dataDir, password });
  return async () => {
    await demo.close();
  };
}
