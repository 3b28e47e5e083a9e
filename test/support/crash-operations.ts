import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { Instance } from '../../src/contracts/instance.js';
import type { ScriptHistory, ScriptVersionContent } from '../../src/contracts/script.js';
import type { AiKoreProcess } from './aikore-process.js';

/** One instance that an operation is done to; `aikore` is the one that runs now. */
export interface CrashScene {
  aikore: AiKoreProcess;
  name: string;
  id: number;
}

/** Something that an operator asks for, during which AiKore dies. */
export interface CrashOperation {
  title: string;
  prepare(scene: CrashScene): Promise<void>;
  /** Does it until nothing of it is under way any more. @param answered called once AiKore has said yes */
  act(scene: CrashScene, answered: () => void): Promise<void>;
  /** @returns what is not as it should be afterwards, in words */
  check(scene: CrashScene, wasAnswered: boolean): string[] | Promise<string[]>;
}

const read = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);
const renamed = (name: string): string => `${name} anew`;

async function make(scene: CrashScene, mark = 'first'): Promise<void> {
  const { id } = await scene.aikore.api.create({ name: scene.name, base_blueprint: 'idles.sh' });
  scene.id = id;
  writeFileSync(scene.aikore.home(scene.name, 'installed'), mark);
  const outputs = scene.aikore.path('outputs', scene.name);
  mkdirSync(outputs, { recursive: true });
  writeFileSync(`${outputs}/picture`, 'pixels');
}

async function makeRunning(scene: CrashScene): Promise<void> {
  await make(scene);
  await scene.aikore.api.startUp(scene.id);
}

async function makeTrashed(scene: CrashScene): Promise<void> {
  await make(scene);
  await scene.aikore.api.expect(204, 'DELETE', `api/instances/${scene.id}`);
}

async function found(scene: CrashScene, name = scene.name): Promise<Instance | undefined> {
  return (await scene.aikore.api.instances()).find((instance) => instance.name === name);
}

/** What is in a folder of the instance, wherever it may be now. */
const inHome = (scene: CrashScene, name = scene.name) => read(scene.aikore.home(name, 'installed'));
const inTrash = (scene: CrashScene) => read(scene.aikore.path('trashcan', scene.name, 'installed'));

function expectOneOf(what: string, seen: unknown, allowed: unknown[]): string[] {
  const text = JSON.stringify(seen);
  return allowed.some((one) => JSON.stringify(one) === text) ? [] : [`${what}: ${text}`];
}

const create: CrashOperation = {
  title: 'create',
  prepare: () => Promise.resolve(),
  act: async (scene, answered) => {
    await scene.aikore.api.create({ name: scene.name, base_blueprint: 'idles.sh' });
    answered();
  },
  check: async (scene, wasAnswered) => {
    const isThere = (await found(scene)) !== undefined;
    return expectOneOf('a created instance is there', isThere, wasAnswered ? [true] : [true, false]);
  },
};

const settings: CrashOperation = {
  title: 'settings',
  prepare: (scene) => make(scene),
  act: async (scene, answered) => {
    await scene.aikore.api.expect(200, 'PATCH', `api/instances/${scene.id}`, {
      launch_args: '--new',
      env: { NEW: '1' },
    });
    answered();
  },
  check: async (scene, wasAnswered) => {
    const instance = await found(scene);
    const seen = [instance?.launch_args, instance?.env];
    const [before, after] = [
      ['', {}],
      ['--new', { NEW: '1' }],
    ];
    return expectOneOf('settings', seen, wasAnswered ? [after] : [before, after]);
  },
};

const rename: CrashOperation = {
  title: 'rename',
  prepare: (scene) => make(scene),
  act: async (scene, answered) => {
    await scene.aikore.api.expect(200, 'PATCH', `api/instances/${scene.id}`, { name: renamed(scene.name) });
    answered();
  },
  check: (scene, wasAnswered) => {
    const of = (name: string) => [inHome(scene, name), read(scene.aikore.path('outputs', name, 'picture'))];
    const seen = [of(scene.name), of(renamed(scene.name))];
    const [here, nowhere] = [
      ['first', 'pixels'],
      [null, null],
    ];
    const [before, after] = [
      [here, nowhere],
      [nowhere, here],
    ];
    return expectOneOf('the pairs of folders', seen, wasAnswered ? [after] : [before, after]);
  },
};

function deletion(
  title: string,
  query: string,
  after: [string | null, string | null, boolean],
): CrashOperation {
  return {
    title,
    prepare: (scene) => make(scene),
    act: async (scene, answered) => {
      await scene.aikore.api.expect(204, 'DELETE', `api/instances/${scene.id}${query}`);
      answered();
    },
    check: async (scene, wasAnswered) => {
      const seen = [inHome(scene), inTrash(scene), (await found(scene)) !== undefined];
      const isPictureKept = read(scene.aikore.path('outputs', scene.name, 'picture')) === 'pixels';
      return [
        ...expectOneOf('folder, trash, row', seen, wasAnswered ? [after] : [['first', null, true], after]),
        ...(isPictureKept ? [] : ['the outputs are gone']),
      ];
    },
  };
}

const restore: CrashOperation = {
  title: 'restore',
  prepare: makeTrashed,
  act: async (scene, answered) => {
    await scene.aikore.api.expect(200, 'POST', `api/trash/${encodeURIComponent(scene.name)}/restore`);
    answered();
  },
  check: async (scene, wasAnswered) => {
    const seen = [inHome(scene), inTrash(scene), (await found(scene)) !== undefined];
    const after = ['first', null, true];
    return expectOneOf('folder, trash, row', seen, wasAnswered ? [after] : [[null, 'first', false], after]);
  },
};

const overwrite: CrashOperation = {
  title: 'overwrite in the trash can',
  prepare: async (scene) => {
    await makeTrashed(scene);
    await make(scene, 'second');
  },
  act: async (scene, answered) => {
    await scene.aikore.api.expect(204, 'DELETE', `api/instances/${scene.id}?overwrite=true`);
    answered();
  },
  check: async (scene, wasAnswered) => {
    const seen = [inHome(scene), inTrash(scene), (await found(scene)) !== undefined];
    const after = [null, 'second', false];
    return expectOneOf(
      'folder, trash, row',
      seen,
      wasAnswered ? [after] : [['second', 'first', true], after],
    );
  },
};

const forEver: CrashOperation = {
  title: 'empty the trash can',
  prepare: makeTrashed,
  act: async (scene, answered) => {
    await scene.aikore.api.expect(204, 'DELETE', `api/trash/${encodeURIComponent(scene.name)}`);
    answered();
  },
  check: (scene, wasAnswered) => {
    const seen = [inTrash(scene), readdirSync(scene.aikore.path('trashcan')).includes(scene.name)];
    return expectOneOf(
      'trash',
      seen,
      wasAnswered
        ? [[null, false]]
        : [
            ['first', true],
            [null, false],
          ],
    );
  },
};

const blueprintOf = (scene: CrashScene) => read(scene.aikore.path('custom_blueprints', 'idles.sh')) ?? '';
const editedOf = (scene: CrashScene) => `${blueprintOf(scene)}# edited\n`;

/** A save by the editor: the script is the old or the new one, and the old one is never lost. */
const scriptSave: CrashOperation = {
  title: 'save a script',
  prepare: (scene) => make(scene),
  act: async (scene, answered) => {
    const path = `api/instances/${scene.id}/script`;
    const saved = await scene.aikore.api.send('PUT', path, { content: editedOf(scene) }, { 'if-match': '*' });
    if (saved.status !== 200) throw new Error(`PUT ${path}: ${saved.status} ${JSON.stringify(saved.body)}`);
    answered();
  },
  check: async (scene, wasAnswered) => {
    const script = read(scene.aikore.home(scene.name, 'launch.sh'));
    const path = `api/instances/${scene.id}/script/history`;
    const { versions } = await scene.aikore.api.expect<ScriptHistory>(200, 'GET', path);
    const kept = await Promise.all(
      versions.map(({ version }) =>
        scene.aikore.api.expect<ScriptVersionContent>(200, 'GET', `${path}/${version}`),
      ),
    );
    const [before, after] = [blueprintOf(scene), editedOf(scene)];
    const isOldKept = script === before || kept.some(({ content }) => content === before);
    return [
      ...expectOneOf('the script', script, wasAnswered ? [after] : [before, after]),
      ...(isOldKept ? [] : ['the old script is lost']),
    ];
  },
};

/** What changes rows and folders. */
export const FOLDER_OPERATIONS: CrashOperation[] = [
  create,
  settings,
  rename,
  deletion('delete to the trash can', '', [null, 'first', false]),
  deletion('delete for ever', '?mode=permanent', [null, null, false]),
  restore,
  overwrite,
  forEver,
  scriptSave,
];

/** An answered wish is carried out by the next AiKore too, unless it says that the death of the first prevented it. */
async function endsAs(scene: CrashScene, statuses: string[], isExcused = false): Promise<string[]> {
  const { status, status_reason: reason } = await scene.aikore.api.instance(scene.id);
  if (statuses.includes(status) || (isExcused && status === 'error' && reason.includes('AiKore'))) return [];
  return [`it ends as ${status}: ${reason}`];
}

const start: CrashOperation = {
  title: 'start',
  prepare: (scene) => make(scene),
  act: async (scene, answered) => {
    await scene.aikore.api.command(scene.id, 'start');
    answered();
    await scene.aikore.api.reaches(scene.id, 'started');
  },
  check: (scene, wasAnswered) => endsAs(scene, wasAnswered ? ['started'] : ['started', 'stopped'], true),
};

function ending(command: 'stop' | 'kill'): CrashOperation {
  return {
    title: command,
    prepare: makeRunning,
    act: async (scene, answered) => {
      await scene.aikore.api.command(scene.id, command);
      answered();
      await scene.aikore.api.reaches(scene.id, 'stopped');
    },
    check: (scene, wasAnswered) => endsAs(scene, wasAnswered ? ['stopped'] : ['started', 'stopped']),
  };
}

const restart: CrashOperation = {
  title: 'restart',
  prepare: makeRunning,
  act: async (scene, answered) => {
    await scene.aikore.api.command(scene.id, 'restart');
    answered();
    await scene.aikore.api.reaches(scene.id, 'started');
  },
  check: (scene) => endsAs(scene, ['started'], true),
};

/** What begins and ends processes. */
export const RUN_OPERATIONS: CrashOperation[] = [start, ending('stop'), ending('kill'), restart];
