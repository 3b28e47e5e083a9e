import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupLab } from '../support/setup-lab.js';
import { uvFolder } from '../support/stand-ins/uv-program.js';

let lab: SetupLab;
let uv: string | null;

beforeAll(() => {
  uv = uvFolder();
}, 120_000);
beforeEach(() => {
  lab = new SetupLab({ uv });
  lab.add({ name: 'alpha', version: '1.0' });
});
afterEach(() => lab.remove());

/** A program of the machine's. */
function program(name: string, text: string): void {
  mkdirSync(lab.at('bin'), { recursive: true });
  writeFileSync(lab.at('bin', name), text);
  chmodSync(lab.at('bin', name), 0o755);
}

const withBin = (own: Record<string, string> = {}): Record<string, string> => ({
  PATH: `${lab.at('bin')}:${lab.environment()['PATH'] ?? ''}`,
  ...own,
});

describe('the Python of an environment', () => {
  it('that cannot be had says what there is and how to get one', async () => {
    lab.script('aikore_venv ./env 3.11 3.10');
    const { code, out } = await lab.run({ PYTHON_VERSION: '3.99' });
    expect(code).toBe(1);
    expect(out).toContain('Python 3.99 was chosen; this application is known to run on 3.11 3.10');
    expect(out).toMatch(/Python 3\.99 is not there\. This machine has: 3\.\d+.*apt install.*uv.*conda/);
    expect(lab.has('env')).toBe(false);
  });

  it('is a program that really is one of the versions', async () => {
    program('python3.98', '#!/bin/sh\necho "pyenv: python3.98: command not found" >&2\nexit 127\n');
    lab.script('aikore_venv ./env 3.98');
    expect((await lab.run(withBin())).out).toContain('Python 3.98 is not there');
  });

  it('is made anew when another is pinned, and kept when it is the one that is pinned', async () => {
    lab.script('aikore_venv ./env', 'cat .aikore/install.json | grep \'"python"\'');
    await lab.run();
    const { version } = lab.record.python ?? { version: '' };
    const minor = version.split('.').slice(0, 2).join('.');
    lab.write('env/old');
    expect((await lab.run({ PYTHON_VERSION: minor })).code).toBe(0);
    expect(lab.has('env/old')).toBe(true);
    expect((await lab.run({ PYTHON_VERSION: '3.99' })).code).toBe(1);
    expect((await lab.run()).code).toBe(0);
  });
});

describe('aikore_conda', () => {
  // Makes what conda makes as far as it is looked at: a prefix with a Python and packages.
  const CONDA = `#!/bin/bash
printf '%s\\n' "$*" >>"$HOME/conda.log"
while [[ $1 != --prefix ]]; do shift; done
python3 -m venv "$2" && mkdir -p "$2/conda-meta" "$2/etc/conda/activate.d"
echo 'export FROM_HOOK=1; false; : $UNSET_VARIABLE' >"$2/etc/conda/activate.d/x.sh"
`;

  it('asks for what the script names, once, and activates it at every start', async () => {
    program('conda', CONDA);
    lab.script(
      'aikore_conda ./env 3.11 ffmpeg; aikore_install alpha',
      'python -c "import alpha"; echo "LAUNCHED ${CONDA_PREFIX##*/} ${FROM_HOOK:-} ${VIRTUAL_ENV-none} $-"',
    );
    const first = await lab.run(withBin());
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/LAUNCHED env 1 none ehuB\n$/) });
    const words = `create --yes --quiet --prefix ${lab.own('env')} --override-channels --channel conda-forge python=3.11 pip ffmpeg`;
    expect(readFileSync(lab.at('conda.log'), 'utf8')).toBe(`${words}\n`);
    expect(lab.record).toMatchObject({
      installer: 'conda',
      python: { source: 'conda' },
      packages: { alpha: '1.0' },
    });
    lab.goOffline();
    expect((await lab.run(withBin())).out).toBe('LAUNCHED env 1 none ehuB\n');
  });

  it('says where to get it', async () => {
    lab.script('aikore_conda ./env 3.11');
    const { code, out } = await lab.run({ CONDA_EXE: '' });
    // A machine that has conda somewhere makes the environment, or cannot.
    if (code !== 0) expect(out).toMatch(/conda is not there\. Miniforge brings it|conda/);
  });
});

describe('torch', () => {
  beforeEach(() => {
    for (const version of ['2.7.1+cpu', '2.8.0+cpu', '2.8.0+rocm6.4']) lab.add({ name: 'torch', version });
    for (const name of ['torchvision', 'torchaudio']) lab.add({ name, version: '1.0+cpu' });
    lab.add({ name: 'greedy', version: '1.0', requires: ['torch'] });
    lab.add({ name: 'stubborn', version: '1.0', requires: ['torch<2.8'] });
    lab.script('aikore_venv ./env; aikore_torch torch torchvision torchaudio; aikore_install greedy');
  });
  const env = (own: Record<string, string> = {}): Record<string, string> => ({
    ACCELERATOR: 'cpu',
    PYTORCH_INDEX_URL: lab.environment()['PIP_INDEX_URL'] ?? '',
    ...own,
  });

  it('stays as it was chosen, whatever is installed after it', async () => {
    expect((await lab.run(env({ TORCH_VERSION: '2.7.1' }))).code).toBe(0);
    expect(lab.record).toMatchObject({ accelerator: 'cpu', packages: { torch: '2.7.1+cpu', greedy: '1.0' } });
    lab.write('.aikore/update');
    expect((await lab.run(env({ TORCH_VERSION: '2.7.1' }))).code).toBe(0);
    expect(lab.record.packages['torch']).toBe('2.7.1+cpu');
    const next = await lab.run(env({ TORCH_VERSION: '2.8.0' }));
    expect(next.out).toContain('TORCH_VERSION changed');
    expect(lab.record.packages['torch']).toMatch(/^2\.8\.0/);
    const refused = await lab.run(env({ TORCH_VERSION: '2.8.0', AIKORE_EXTRA_REQUIREMENTS: 'stubborn' }));
    expect(refused.code).not.toBe(0);
    expect(refused.out).toContain('stubborn');
  });

  it.each(['uv', 'pip'])('is only taken away when another is there, by %s', async (installer) => {
    const pinned = (version: string): Record<string, string> =>
      env({ TORCH_VERSION: version, PYTHON_INSTALLER: installer });
    expect((await lab.run(pinned('2.7.1'))).code).toBe(0);
    const missing = await lab.run(pinned('2.9.9'));
    expect([missing.code === 0, missing.out.includes('torch could not be installed')]).toEqual([false, true]);
    lab.goOffline();
    expect((await lab.run(pinned('2.8.0'))).code).not.toBe(0);
    // As before, and nothing has to be fetched for it.
    expect(await lab.run(pinned('2.7.1'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/LAUNCHED\n$/),
    });
    expect(lab.record.packages['torch']).toBe('2.7.1+cpu');
    lab.comeBack();
    expect((await lab.run(pinned('2.8.0'))).code).toBe(0);
    expect(lab.record.packages).toMatchObject({ torch: expect.stringMatching(/^2\.8\.0/), greedy: '1.0' });
    expect(lab.has('env/.aikore-torch')).toBe(false);
  });

  it('that was exchanged by an interrupted installation is exchanged back', async () => {
    await lab.run(env({ TORCH_VERSION: '2.7.1' }));
    lab.write(
      'by-hand.sh',
      './env/bin/python -m pip install --quiet torch==2.8.0+cpu; touch .aikore/setup.begun',
    );
    execFileSync('bash', ['by-hand.sh'], { cwd: lab.home, env: lab.environment() });
    expect((await lab.run(env({ TORCH_VERSION: '2.7.1' }))).code).toBe(0);
    expect(lab.record.packages['torch']).toBe('2.7.1+cpu');
  });

  it("is held back from the application's own pip, too", async () => {
    lab.script(
      'aikore_venv ./env; aikore_torch torch',
      'python -m pip install --quiet stubborn && echo TAKEN',
    );
    const { out } = await lab.run(env({ TORCH_VERSION: '2.8.0' }));
    expect(out).not.toContain('TAKEN');
    expect(out).toMatch(/conflict|constraint/i);
  });
});

describe('aikore_npm', () => {
  it('installs once, another version in its place, and keeps the old one when the new cannot be had', async () => {
    program(
      'npm',
      `#!/bin/bash
echo "$*" >>"$HOME/npm.log"
[[ ! -e $HOME/offline ]] || exit 1
mkdir -p "$3/node_modules/@scope/thing"; echo "\${*: -1}" >"$3/node_modules/@scope/thing/version"
`,
    );
    lab.script(
      'aikore_npm app "@scope/thing@$VERSION"',
      'cat app/node_modules/@scope/thing/version',
      'VERSION',
    );
    for (let turn = 0; turn < 2; turn++)
      expect((await lab.run(withBin({ VERSION: '1.0.0' }))).out).toMatch(/@scope\/thing@1\.0\.0\n$/);
    expect(lab.record).toMatchObject({ installer: 'npm', packages: { '@scope/thing': '1.0.0' } });
    writeFileSync(lab.at('offline'), '');
    expect((await lab.run(withBin({ VERSION: '2.0.0' }))).code).not.toBe(0);
    expect((await lab.run(withBin({ VERSION: '1.0.0' }))).out).toMatch(/thing@1\.0\.0\n$/);
    expect(readFileSync(lab.at('npm.log'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it.each(['thing', '--prefix=/@1', 'thing@', 'thing@1;x', 'git+https://x@1'])('refuses %j', async (name) => {
    lab.script('aikore_npm app "$NAME"');
    const { code, out } = await lab.run({ NAME: name });
    expect([code, out.includes('PACKAGE@VERSION')]).toEqual([1, true]);
  });
});

it('aikore_models links folders to what all instances share, and keeps what was in them', async () => {
  lab.write('app/models/loras/mine.bin', 'x');
  lab.script(':', 'aikore_models app/models/loras lora; aikore_models "app/models/new one" vae_approx');
  for (let turn = 0; turn < 2; turn++) expect((await lab.run()).code).toBe(0);
  expect(readFileSync(lab.at('models/lora/mine.bin'), 'utf8')).toBe('x');
  expect(existsSync(lab.at('models/vae_approx'))).toBe(true);
  lab.script(':', 'aikore_models app/models/loras ../../etc');
  expect((await lab.run()).code).toBe(1);
});

it('folders with line breaks in their names are no hindrance', async () => {
  lab.remove();
  lab = new SetupLab({ name: 'a\nb "c"', uv });
  lab.add({ name: 'alpha', version: '1.0' });
  lab.commit('one');
  lab.script(
    'aikore_clone "$ORIGIN" app; aikore_venv ./env; aikore_install alpha',
    'python -c "import alpha"; echo LAUNCHED',
  );
  expect((await lab.run()).out).toMatch(/LAUNCHED\n$/);
  lab.goOffline();
  expect((await lab.run()).out).toBe('LAUNCHED\n');
  renameSync(lab.home, join(lab.dir, 'plain'));
  lab.home = join(lab.dir, 'plain');
  expect((await lab.run()).out).toMatch(/LAUNCHED\n$/);
});
