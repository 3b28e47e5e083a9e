import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { parseEnvironment } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const PROGRAM_DIR = resolve(import.meta.dirname, '../..');
const PASSWORD = 'a password that no script may see';

/** What AiKore itself is started with by shells, npm, make and operators. */
const SURROUNDINGS = {
  AIKORE_PASSWORD: PASSWORD,
  AIKORE_STALLED_AFTER: '100',
  NODE_OPTIONS: '--max-old-space-size=512',
  NODE_ENV: 'production',
  npm_config_registry: 'https://registry.example.org/',
  npm_lifecycle_event: 'start',
  MAKEFLAGS: 'w -- X=1',
  MAKELEVEL: '1',
  MFLAGS: '-w',
  MAKE_TERMOUT: '/dev/pts/0',
  CUDA_VISIBLE_DEVICES: '7',
  INHERITED: 'two words, "quoted"',
};

let aikore: AiKoreProcess;
/** Of one blueprint, side by side. */
let masked: Instance;
let blind: Instance;
let seeing: Instance;

interface Given {
  env: Map<string, string>;
  args: string[];
  directory: string;
}

async function given({ id, name }: Instance): Promise<Given> {
  await waitFor('it has written down what it got', async () => {
    const { body } = await aikore.api.send<{ content: string }>('GET', `api/instances/${id}/logs`);
    return body.content.includes('written');
  });
  const read = (file: string) => readFileSync(aikore.home(name, file), 'utf8');
  return {
    env: parseEnvironment(read('environment')),
    args: read('arguments').split('\0').slice(0, -1),
    directory: read('directory').trim(),
  };
}

beforeAll(async () => {
  aikore = await lab.start(SURROUNDINGS);
  const base_blueprint = 'environment.sh';
  masked = await aikore.api.create({
    name: 'Masked One',
    base_blueprint,
    gpu_ids: '1,0',
    env: { HF_TOKEN: 'a "b" $c `d` \\e', EMPTY: '', TMPDIR: '/tmp/own', NODE_ENV: 'development' },
    launch_args: `--plain "two words" 'single $HOME' back\\ slash "" --glob=* ; | "a\\"b"`,
  });
  blind = await aikore.api.create({ name: 'blind', base_blueprint, gpu_ids: '', output_path: 'team/blind' });
  seeing = await aikore.api.create({ name: 'seeing', base_blueprint });
  await Promise.all([masked, blind, seeing].map(({ id }) => aikore.api.startUp(id)));
});

describe('instances of one blueprint, side by side', () => {
  it('run at the same time, each with a port, an output folder and a prefix of its own', async () => {
    const all = [await given(masked), await given(blind), await given(seeing)];
    const of = (name: string) => all.map(({ env }) => env.get(name));
    expect(of('WEBUI_PORT')).toEqual([masked, blind, seeing].map(({ port }) => String(port)));
    expect(new Set(of('WEBUI_PORT')).size).toBe(3);
    expect(of('INSTANCE_OUTPUT_DIR')).toEqual([
      aikore.path('outputs', 'Masked One'),
      aikore.path('outputs', 'team', 'blind'),
      aikore.path('outputs', 'seeing'),
    ]);
    expect(of('INSTANCE_NAME')).toEqual(['Masked One', 'blind', 'seeing']);
    expect(of('SUBFOLDER')).toEqual(['/instance/masked-one/', '/instance/blind/', '/instance/seeing/']);
    expect(new Set(of('AIKORE_INSTANCE_MARKER')).size).toBe(3);
    const running = (await aikore.api.instances()).map(({ status }) => status);
    expect(running).toEqual(['started', 'started', 'started']);
  });

  it('see exactly the GPUs of their mask: unset for all, empty for none, else as given', async () => {
    expect((await given(seeing)).env.has('CUDA_VISIBLE_DEVICES')).toBe(false);
    expect((await given(blind)).env.get('CUDA_VISIBLE_DEVICES')).toBe('');
    expect((await given(masked)).env.get('CUDA_VISIBLE_DEVICES')).toBe('1,0');
    expect((await given(seeing)).env.get('CUDA_DEVICE_ORDER')).toBe('PCI_BUS_ID');
  });

  it('are warned of a GPU that this machine lacks, and started all the same', async () => {
    const info = await aikore.api.expect<{ gpu_count: number }>(200, 'GET', 'api/system/info');
    if (info.gpu_count >= 2) return;
    const { warnings, status } = await aikore.api.instance(masked.id);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/GPU/);
    expect(status).toBe('started');
    expect((await aikore.api.instance(blind.id)).warnings).toEqual([]);
  });
});

describe('the environment of a blueprint', () => {
  it('holds what the contract promises', async () => {
    const { env, directory } = await given(seeing);
    expect(Object.fromEntries(env)).toMatchObject({
      INSTANCE_CONF_DIR: aikore.home('seeing'),
      BLUEPRINT_ID: 'environment',
      TMPDIR: aikore.path('tmp'),
      PYTHONUNBUFFERED: '1',
      AIKORE_FUNCTIONS: resolve(PROGRAM_DIR, 'blueprints/functions.sh'),
      AIKORE_MODELS_DIR: aikore.path('models'),
      BASE_DIR: aikore.dataDir,
      SD_INSTALL_DIR: PROGRAM_DIR,
      INHERITED: SURROUNDINGS.INHERITED,
      PATH: process.env['PATH'],
    });
    expect(realpathSync(directory)).toBe(realpathSync(aikore.home('seeing')));
    expect(readFileSync(env.get('AIKORE_FUNCTIONS') ?? '', 'utf8')).toContain('aikore_step');
  });

  it('holds nothing that belongs to AiKore, Node, npm or make', async () => {
    const { env } = await given(seeing);
    const names = [...env.keys()];
    expect(names.filter((name) => name.startsWith('AIKORE_')).sort()).toEqual([
      'AIKORE_FUNCTIONS',
      'AIKORE_INSTANCE_MARKER',
      'AIKORE_MODELS_DIR',
    ]);
    expect(names.filter((name) => /^(NODE_|npm_|MAKE|MFLAGS)/.test(name))).toEqual([]);
    const all = [...env.values()].join('\n');
    expect(all).not.toContain(TOKEN);
    expect(all).not.toContain(PASSWORD);
  });

  it('holds the variables of the instance, byte for byte, which win over inherited ones', async () => {
    const { env } = await given(masked);
    expect(env.get('HF_TOKEN')).toBe('a "b" $c `d` \\e');
    expect(env.get('EMPTY')).toBe('');
    expect(env.get('TMPDIR')).toBe('/tmp/own');
    expect(env.get('NODE_ENV')).toBe('development');
    expect((await given(blind)).env.has('HF_TOKEN')).toBe(false);
  });

  it('comes with the launch arguments, split and not expanded', async () => {
    expect((await given(masked)).args).toEqual([
      '--plain',
      'two words',
      'single $HOME',
      'back slash',
      '',
      '--glob=*',
      ';',
      '|',
      'a"b',
    ]);
    expect((await given(seeing)).args).toEqual([]);
  });
});
