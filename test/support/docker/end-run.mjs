// After the container's suites: nothing that they made is left in the engine, whatever way they ended.
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { PREFIX, removeThings } from './things.mjs';

export default function endRun() {
  if (process.env.AIKORE_TEST_DOCKER_HOST) removeThings((owner) => owner === process.pid);
  const folder = process.env.AIKORE_TEST_RUN;
  if (basename(folder).startsWith(PREFIX)) rmSync(folder, { recursive: true, force: true });
}
