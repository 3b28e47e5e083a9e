import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { VersionCheck } from '../../src/contracts/versions.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { createInline, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { itWithPip } from '../support/python.js';
import { processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const SECRET = 'a password that is long';
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_PASSWORD: SECRET });
});

const check = ({ id }: { id: number }): Promise<VersionCheck> =>
  aikore.api.expect(200, 'POST', `api/instances/${id}/version-check`);

/** An instance with a real environment. */
async function withEnvironment(...options: string[]): Promise<Instance> {
  const instance = await createInline(aikore, withVenv('./env'));
  execFileSync('python3', ['-m', 'venv', ...options, aikore.home(instance.name, 'env')]);
  return instance;
}

function sitePackages({ name }: Instance): string {
  const lib = aikore.home(name, 'env', 'lib');
  const [python = ''] = readdirSync(lib).filter((entry) => entry.startsWith('python'));
  return join(lib, python, 'site-packages');
}

/** What pip takes for an installed package. */
function install(instance: Instance, name: string, version: string, ...requirements: string[]): void {
  const folder = join(sitePackages(instance), `${name}-${version}.dist-info`);
  mkdirSync(folder);
  const lines = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`];
  const wanted = requirements.map((requirement) => `Requires-Dist: ${requirement}`);
  writeFileSync(join(folder, 'METADATA'), [...lines, ...wanted, '', ''].join('\n'));
  writeFileSync(join(folder, 'INSTALLER'), 'pip\n');
  writeFileSync(join(folder, 'RECORD'), '');
}

/** A module, of whatever is written. */
function addModule(instance: Instance, name: string, source: string): void {
  writeFileSync(join(sitePackages(instance), `${name}.py`), source);
}

describe('the versions of an environment', () => {
  itWithPip('are told with what does not fit together', async () => {
    const instance = await withEnvironment();
    expect(await check(instance)).toMatchObject({
      conflicts: 'No dependency conflicts found.',
      has_conflicts: false,
      conflicts_list: [],
      advice: [],
      environment: { kind: 'python', path: './env', state: 'ready' },
    });
    install(instance, 'torchvision', '0.20.1', 'torch==2.5.1', 'numpy<2');
    install(instance, 'numpy', '2.2.0');
    const found = await check(instance);
    expect(found.packages).toEqual([
      { name: 'torchvision', version: '0.20.1' },
      { name: 'numpy', version: '2.2.0' },
    ]);
    expect(found.versions).toMatch(/^OS: .+\nCPU: .+\nRAM: .+ GiB\n/);
    expect(found.versions).toMatch(
      /\nPython: 3\.\d+\.\d+.* \(CPython\)\n[^]*\ntorchvision: 0\.20\.1\nnumpy: 2\.2\.0$/,
    );
    expect(found.has_conflicts).toBe(true);
    expect(found.conflicts_list).toMatchObject([
      { package: 'torchvision', dependency: 'torch', installed: null },
      { package: 'torchvision', dependency: 'numpy', requirement: 'numpy<2', installed: '2.2.0' },
    ]);
    expect(found.conflicts.split('\n')).toEqual(found.conflicts_list.map(({ message }) => message));
    expect(found.advice).toEqual([expect.stringMatching(/^2 packages do not fit/)]);
    expect(found.environment.installed_count).toBeGreaterThanOrEqual(2);
  });

  it('tell what torch sees, and survive one that ends Python', async () => {
    const instance = await withEnvironment('--without-pip');
    install(instance, 'torch', '2.9.1');
    addModule(
      instance,
      'torch',
      `print("noise")
class version: cuda = "12.8"
class cuda:
  is_available = staticmethod(lambda: True)
  get_arch_list = staticmethod(lambda: ["sm_90"])
  device_count = staticmethod(lambda: 1)
  get_device_capability = staticmethod(lambda index: (9, 0))
  get_device_name = staticmethod(lambda index: "<img onerror> H100\\u001b[31m")
`,
    );
    const fact = ({ facts }: VersionCheck, key: string) => facts.find((known) => known.key === key)?.value;
    const found = await check(instance);
    expect(fact(found, 'torch_cuda')).toBe('12.8');
    expect(fact(found, 'torch_gpus')).toBe('<img onerror> H100');
    addModule(
      instance,
      'torch',
      'import os, sys\nprint("Illegal instruction", file=sys.stderr)\nos._exit(132)',
    );
    expect((await check(instance)).advice).toEqual([
      expect.stringMatching(/^torch is installed but cannot be loaded: .*Illegal instruction/),
    ]);
  });

  it('are checked without pip as far as that goes', async () => {
    const instance = await withEnvironment('--without-pip');
    const { conflicts, has_conflicts: hasConflicts, environment } = await check(instance);
    expect(environment.state).toBe('ready');
    expect(hasConflicts).toBe(null);
    expect(conflicts).toMatch(/neither|no pip/);
  });

  it('are checked by uv where there is no pip', async () => {
    const programs = join(lab.root, 'programs');
    mkdirSync(programs);
    writeFileSync(
      join(programs, 'uv'),
      `#!/bin/sh\necho "$@" > ${programs}/asked\necho 'Checked 2 packages in 1ms' >&2\n` +
        `echo 'Found 1 incompatibility' >&2\necho 'The package \`a\` requires \`b>=2\`, but \`1.0\` is installed' >&2\nexit 1\n`,
    );
    chmodSync(join(programs, 'uv'), 0o755);
    const own = await lab.start({ PATH: `${programs}:${process.env['PATH'] ?? ''}` });
    const instance = await createInline(own, withVenv('./env'));
    execFileSync('python3', ['-m', 'venv', '--without-pip', own.home(instance.name, 'env')]);
    const found = await own.api.expect<VersionCheck>(
      200,
      'POST',
      `api/instances/${instance.id}/version-check`,
    );
    expect(found).toMatchObject({
      has_conflicts: true,
      conflicts_list: [{ package: 'a', dependency: 'b', installed: '1.0' }],
    });
    expect(readFileSync(join(programs, 'asked'), 'utf8')).toContain('pip check --color never --python');
    await own.stop();
  });

  it('are the machine’s where the script declares no environment', async () => {
    const instance = await aikore.api.create({ name: 'plain', base_blueprint: 'idles.sh' });
    expect(await check(instance)).toMatchObject({
      environment: {
        kind: 'machine',
        path: null,
        state: 'ready',
        message: expect.stringContaining('no environment'),
      },
    });
  });

  it('are a calm sentence while the environment is not there, or does not run', async () => {
    const instance = await createInline(aikore, withVenv('./env'));
    const missing = await check(instance);
    expect(missing).toMatchObject({ environment: { state: 'missing' }, has_conflicts: null, packages: [] });
    expect(missing.conflicts).toMatch(/not there yet/);
    expect(missing.versions).toMatch(/^OS: /);
    const bin = aikore.home(instance.name, 'env', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'python'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await check(instance)).toMatchObject({ environment: { state: 'broken' }, has_conflicts: null });
    rmSync(join(bin, 'python'));
    execFileSync('ln', ['-s', '/nowhere/python', join(bin, 'python')]);
    expect(await check(instance)).toMatchObject({ environment: { state: 'broken' } });
  });
});

describe('a check of versions', () => {
  /** An instance whose Python hangs, with a child that has left its process group. */
  async function hanging(on = aikore): Promise<{ instance: Instance; mark: string }> {
    const instance = await createInline(on, withVenv('./env'));
    const bin = on.home(instance.name, 'env', 'bin');
    const mark = `sleep-${instance.id}-7777`;
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'python'),
      `#!/bin/bash\nenv > seen\nsetsid bash -c 'exec -a ${mark} sleep 1000' &\nexec -a ${mark} sleep 1000\n`,
      { mode: 0o755 },
    );
    return { instance, mark };
  }

  it('runs once at a time, without AiKore’s secrets, and is ended whole when nobody waits for it', async () => {
    const { instance, mark } = await hanging();
    const gone = new AbortController();
    const address = `api/instances/${instance.id}/version-check`;
    const first = fetch(new URL(address, aikore.dashboardUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: gone.signal,
    });
    await waitFor('both processes run', () => processesMentioning(mark).length === 2);
    expect(await aikore.api.send<ErrorBody>('POST', address)).toMatchObject({
      status: 409,
      body: { code: 'VERSION_CHECK_RUNNING' },
    });
    const seen = readFileSync(aikore.home(instance.name, 'seen'), 'utf8');
    expect(seen).not.toContain(SECRET);
    expect(seen).not.toContain(TOKEN);
    expect(seen).toContain(`VIRTUAL_ENV=${aikore.home(instance.name, 'env')}`);
    gone.abort();
    await expect(first).rejects.toThrow();
    await waitFor('nothing of it is left', () => processesMentioning(mark).length === 0);

    rmSync(aikore.home(instance.name, 'env'), { recursive: true });
    await waitFor('another may be made', async () => (await aikore.api.send('POST', address)).status === 200);
  });

  it('does not hold up the end of AiKore', async () => {
    const own = await lab.start();
    const { instance, mark } = await hanging(own);
    const answer = own.api.send('POST', `api/instances/${instance.id}/version-check`);
    await waitFor('both processes run', () => processesMentioning(mark).length === 2);
    const beganMs = performance.now();
    await own.stop();
    expect(performance.now() - beganMs).toBeLessThan(20_000);
    expect(await answer).toMatchObject({ status: 503, body: { code: 'VERSION_CHECK_ENDED' } });
    expect(processesMentioning(mark)).toEqual([]);
  });

  it('of no instance is told', async () => {
    expect((await aikore.api.send('POST', 'api/instances/4711/version-check')).status).toBe(404);
    expect(existsSync(aikore.path('instances', '4711'))).toBe(false);
  });
});
