import { it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** Whether new environments get a pip; on Debian only with the package python3-venv. */
const hasPip = spawnSync('python3', ['-m', 'ensurepip', '--version']).status === 0;

/** A test that needs an environment with pip; where none can be made it is counted as skipped. */
export const itWithPip = hasPip ? it : it.skip;
