import { existsSync, rmSync } from 'node:fs';
import type { Instance } from '../../src/contracts/instance.js';
import type { CrashOperation, CrashScene } from './crash-operations.js';

const satelliteOf = (scene: CrashScene): string => `${scene.name} two`;
const renamed = (scene: CrashScene): string => `${scene.name} anew`;
const entryOf = (scene: CrashScene): string => encodeURIComponent(satelliteOf(scene));

async function makeParent(scene: CrashScene): Promise<void> {
  const { id } = await scene.aikore.api.create({ name: scene.name, base_blueprint: 'idles.sh' });
  scene.id = id;
}

async function instantiate(scene: CrashScene): Promise<Instance> {
  const wish = { new_name: satelliteOf(scene) };
  return scene.aikore.api.expect(201, 'POST', `api/instances/${scene.id}/instantiate`, wish);
}

async function makeFamily(scene: CrashScene): Promise<void> {
  await makeParent(scene);
  await instantiate(scene);
}

async function found(scene: CrashScene, name: string): Promise<Instance | undefined> {
  return (await scene.aikore.api.instances()).find((instance) => instance.name === name);
}

async function removeSatellite(scene: CrashScene): Promise<void> {
  const id = (await found(scene, satelliteOf(scene)))?.id ?? 0;
  await scene.aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
}

/** Where the satellite is: as a row of its parent's, and as an entry of the trash can. */
async function placesOf(scene: CrashScene): Promise<[boolean, boolean]> {
  const satellite = await found(scene, satelliteOf(scene));
  const isThere = satellite?.parent_instance_id === scene.id;
  return [isThere, existsSync(scene.aikore.path('trashcan', satelliteOf(scene)))];
}

function expectPlaces(seen: [boolean, boolean], allowed: [boolean, boolean][]): string[] {
  const isAllowed = allowed.some(([row, trash]) => row === seen[0] && trash === seen[1]);
  return isAllowed ? [] : [`row and trash of the satellite: ${seen.join(', ')}`];
}

const HERE: [boolean, boolean] = [true, false];
const TRASHED: [boolean, boolean] = [false, true];
const NOWHERE: [boolean, boolean] = [false, false];

const making: CrashOperation = {
  title: 'make a satellite',
  prepare: makeParent,
  act: async (scene, answered) => {
    await instantiate(scene);
    answered();
  },
  check: async (scene, wasAnswered) =>
    expectPlaces(await placesOf(scene), wasAnswered ? [HERE] : [NOWHERE, HERE]),
};

const deleting: CrashOperation = {
  title: 'delete a satellite that was never started to the trash can',
  prepare: async (scene) => {
    await makeFamily(scene);
    // As one of the original AiKore is.
    rmSync(scene.aikore.home(satelliteOf(scene)), { recursive: true });
  },
  act: async (scene, answered) => {
    await removeSatellite(scene);
    answered();
  },
  check: async (scene, wasAnswered) =>
    expectPlaces(await placesOf(scene), wasAnswered ? [TRASHED] : [HERE, TRASHED]),
};

const restoring: CrashOperation = {
  title: 'restore a satellite',
  prepare: async (scene) => {
    await makeFamily(scene);
    await removeSatellite(scene);
  },
  act: async (scene, answered) => {
    await scene.aikore.api.expect(200, 'POST', `api/trash/${entryOf(scene)}/restore`);
    answered();
  },
  check: async (scene, wasAnswered) =>
    expectPlaces(await placesOf(scene), wasAnswered ? [HERE] : [TRASHED, HERE]),
};

const renaming: CrashOperation = {
  title: 'rename a parent',
  prepare: makeFamily,
  act: async (scene, answered) => {
    const wish = { name: renamed(scene) };
    await scene.aikore.api.expect(200, 'PATCH', `api/instances/${scene.id}`, wish);
    answered();
  },
  check: async (scene, wasAnswered) => {
    const { aikore, id } = scene;
    const { name } = await aikore.api.instance(id);
    const allowed = wasAnswered ? [renamed(scene)] : [scene.name, renamed(scene)];
    const { content } = await aikore.api.expect<{ content: string }>(
      200,
      'GET',
      `api/instances/${(await found(scene, satelliteOf(scene)))?.id ?? 0}/script`,
    );
    return [
      ...(allowed.includes(name) ? [] : [`the parent is named ${name}`]),
      ...(existsSync(aikore.home(name, 'launch.sh')) ? [] : ['the parent has lost its folder']),
      ...(content === '' ? ['the satellite has no script'] : []),
    ];
  },
};

/** What changes rows and folders of satellites. */
export const SATELLITE_OPERATIONS: CrashOperation[] = [making, deleting, restoring, renaming];
