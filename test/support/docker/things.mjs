// Containers and volumes of the tests carry the pid of the run that made them.
import { spawnSync } from 'node:child_process';

/** Of folders that runs outside of a room share. */
export const PREFIX = 'aikore-container-tests-';

const LABEL = 'aikore.test';
const KINDS = [
  { list: ['ps', '--all', '--no-trunc'], id: '{{.ID}}', remove: ['rm', '--force', '--volumes'] },
  { list: ['volume', 'ls'], id: '{{.Name}}', remove: ['volume', 'rm', '--force'] },
];

/** @param {(owner: number) => boolean} isWanted asked with the pid of the run that made a thing */
export function removeThings(isWanted) {
  for (const { list, id, remove } of KINDS) {
    const format = `${id} {{.Label "${LABEL}"}}`;
    const listed = docker([...list, '--filter', `label=${LABEL}`, '--format', format]);
    const found = listed.split('\n').map((line) => line.split(' '));
    const names = found.filter(([, owner]) => owner && isWanted(Number(owner))).map(([name]) => name);
    if (names.length > 0) docker([...remove, ...names]);
  }
}

function docker(args) {
  const env = { ...process.env, DOCKER_HOST: process.env.AIKORE_TEST_DOCKER_HOST };
  return spawnSync('docker', args, { encoding: 'utf8', env }).stdout ?? '';
}
