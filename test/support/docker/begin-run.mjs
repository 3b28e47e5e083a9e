// Before the container's suites: a folder for what they share, and an end of what a killed run has left in the engine.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREFIX, removeThings } from './things.mjs';

export default function beginRun() {
  // A room has one that outlives this: suites that are run once more find the image there.
  process.env.AIKORE_TEST_RUN ??= mkdtempSync(join(tmpdir(), PREFIX));
  process.env.AIKORE_TEST_OWNER = String(process.pid);
  if (process.env.AIKORE_TEST_DOCKER_HOST) {
    removeThings((owner) => !isAlive(owner));
    return;
  }
  const reason = process.env.AIKORE_TEST_NO_ENGINE ?? 'they are run by `make test-container`';
  console.warn(`\nskipped: the container's tests; ${reason}`);
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
