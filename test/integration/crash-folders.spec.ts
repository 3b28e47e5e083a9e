import { beforeAll, describe, expect, it } from '@jest/globals';
import { CrashDriver } from '../support/crash-driver.js';
import { FOLDER_OPERATIONS } from '../support/crash-operations.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
let driver: CrashDriver;

beforeAll(() => {
  driver = new CrashDriver(lab);
  console.log(`crash points of what changes rows and folders: AIKORE_SEED=${driver.seed}`);
});

describe('the death of AiKore at any system call of what changes rows and folders', () => {
  it.each(FOLDER_OPERATIONS.map((operation) => [operation.title, operation] as const))(
    'leaves %s done or undone, and everything usable',
    async (_title, operation) => {
      const { points, tried } = await driver.explore(operation);
      console.log(`${operation.title}: ${tried} deaths at ${points} points`);
      expect(points).toBeGreaterThan(1);
    },
    1_800_000,
  );
});
