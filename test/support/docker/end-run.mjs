// After the container's suites: nothing that they made is left in the engine, whatever way they ended.
import { rmSync } from 'node:fs';
import { removeThings } from './things.mjs';

export default function endRun() {
  if (process.env.AIKORE_TEST_DOCKER_HOST) removeThings((owner) => owner === process.pid);
  rmSync(process.env.AIKORE_TEST_RUN, { recursive: true, force: true });
}
