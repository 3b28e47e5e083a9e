import { beforeAll, describe, expect, it } from '@jest/globals';
import { CrashDriver } from './crash-driver.js';
import type { CrashOperation } from './crash-operations.js';
import { useLab } from './lab.js';

/** Lets AiKore die at its system calls during each of some operations. @param what they have in common */
export function describeDeathsDuring(what: string, operations: readonly CrashOperation[]): void {
  const lab = useLab();
  let driver: CrashDriver;

  beforeAll(() => {
    driver = new CrashDriver(lab);
    console.log(`crash points of ${what}: AIKORE_SEED=${driver.seed}`);
  });

  describe(`the death of AiKore at any system call of ${what}`, () => {
    it.each(operations.map((operation) => [operation.title, operation] as const))(
      'leaves %s done or undone, and everything usable',
      async (_title, operation) => {
        const { points, tried } = await driver.explore(operation);
        console.log(`${operation.title}: ${tried} deaths at ${points} points`);
        expect(points).toBeGreaterThan(1);
      },
      1_800_000,
    );
  });
}
