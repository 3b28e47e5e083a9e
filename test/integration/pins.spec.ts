import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { parseEnvironment } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

/** As images of Python and CUDA set them for everything that runs in them. */
const OF_AN_IMAGE = {
  PYTHON_VERSION: '3.9.1',
  CUDA_VERSION: '12.1.0',
  GIT_REF: 'nobody',
  TORCH_VERSION: '1.0',
};

const PINS = {
  python_version: '3.12',
  cuda_version: '12.8',
  torch_version: '2.7.1',
  git_ref: 'v1.2.3',
  extra_requirements: 'xformers==0.0.30\n--pre\n# a "remark" with $HOME and `id`',
};
const NONE = {
  python_version: null,
  cuda_version: null,
  torch_version: null,
  git_ref: null,
  extra_requirements: '',
};
const NAMES = ['PYTHON_VERSION', 'CUDA_VERSION', 'TORCH_VERSION', 'GIT_REF', 'AIKORE_EXTRA_REQUIREMENTS'];

beforeAll(async () => {
  aikore = await lab.start(OF_AN_IMAGE);
});

const change = (id: number, wish: unknown) =>
  aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${id}`, wish);

/** What the script of a run got of the pins. */
async function given({ id, name }: Pick<Instance, 'id' | 'name'>): Promise<(string | undefined)[]> {
  rmSync(aikore.home(name, 'environment'), { force: true });
  await aikore.api.startUp(id);
  const env = await waitFor('it has written down what it got', () => {
    const read = parseEnvironment(readFileSync(aikore.home(name, 'environment'), 'utf8'));
    return read.has('INSTANCE_NAME') && read;
  });
  await aikore.api.shutDown(id);
  return NAMES.map((variable) => env.get(variable));
}

describe('pins', () => {
  it('reach the script as they are, and are unset without one, whatever AiKore was started with', async () => {
    const wish = { name: 'pinned', base_blueprint: 'environment.sh' };
    const created = await aikore.api.create({ ...wish, ...PINS });
    expect(created).toMatchObject(PINS);
    expect(await given(created)).toEqual(Object.values(PINS));
    expect(await change(created.id, NONE)).toMatchObject({ ...NONE, pending_restart: false });
    expect(await given(created)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('count at the next start, each of them', async () => {
    const created = await aikore.api.create({ name: 'running', base_blueprint: 'environment.sh' });
    expect(created).toMatchObject(NONE);
    let { run } = await aikore.api.startUp(created.id);
    for (const [field, value] of Object.entries(PINS)) {
      const changed = await change(created.id, { [field]: value });
      expect(changed).toMatchObject({ [field]: value, pending_restart: true, status: 'started', run });
      await aikore.api.command(created.id, 'restart');
      run += 1;
      await waitFor('the next run', async () => {
        const instance = await aikore.api.instance(created.id);
        return instance.run === run && instance.status === 'started' && !instance.pending_restart;
      });
    }
    expect(await change(created.id, PINS)).toMatchObject({ pending_restart: false });
    await aikore.api.shutDown(created.id);
  });

  it('are stored with the line ends of Unix', async () => {
    const created = await aikore.api.create({
      name: 'windows',
      base_blueprint: 'environment.sh',
      extra_requirements: 'a\r\nb\rc\r\n\n',
    });
    expect(created.extra_requirements).toBe('a\nb\nc');
    const again = await change(created.id, { extra_requirements: 'a\r\nb\r\nc\r\n' });
    expect(again).toEqual(created);
  });

  it('go into the trash can and come back, and survive AiKore', async () => {
    const { id } = await aikore.api.create({ name: 'kept', base_blueprint: 'environment.sh', ...PINS });
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    const back = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/kept/restore');
    expect(back).toMatchObject(PINS);
    await aikore.stop();
    aikore = await lab.start({}, aikore.dataDir);
    expect(await aikore.api.byName('kept')).toMatchObject(PINS);
  });
});
