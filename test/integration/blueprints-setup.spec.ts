import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { uvFolder } from '../support/stand-ins/uv-program.js';
import { SetupLab } from '../support/setup-lab.js';

const INSTALL = `
  aikore_clone "$ORIGIN" app GIT_REF
  aikore_venv ./env
  aikore_install "alpha==\${ALPHA_VERSION:-1.0}"
  aikore_requirements app/requirements.txt
`;
const LAUNCH = 'python -c "import alpha; print(\'LAUNCHED\', alpha.__version__)"; cat app/subject; echo';

let lab: SetupLab;
let uv: string | null;

beforeAll(() => {
  uv = uvFolder();
}, 120_000);

beforeEach(() => {
  lab = new SetupLab({ uv });
  for (const version of ['1.0', '2.0']) lab.add({ name: 'alpha', version });
  lab.add({ name: 'beta', version: '1.0' });
  lab.commit('one', { 'requirements.txt': 'beta\n' });
  lab.script(INSTALL, LAUNCH, 'ALPHA_VERSION');
});
afterEach(() => lab.remove());

const STEP = '\u001b]977;step=';
const stepsOf = (out: string): string[] =>
  out
    .split(STEP)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('\u0007')));

describe('an installation is remembered', () => {
  it('is made once, and is not touched by the next start, which needs nothing of the outside', async () => {
    const first = await lab.run();
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('LAUNCHED 1.0') });
    expect(stepsOf(first.out)).toEqual([
      `Cloning ${lab.at('origin')}`,
      'Creating the Python environment',
      'Installing alpha==1.0',
      'Installing the requirements of app/requirements.txt',
    ]);
    const written = lab.read('.aikore/install.json');
    lab.goOffline();
    const second = await lab.run();
    expect(second).toMatchObject({ code: 0, out: 'LAUNCHED 1.0\none\n' });
    expect(lab.read('.aikore/install.json')).toBe(written);
  });

  it('costs a warm start less than 0.3 s', async () => {
    lab.script(INSTALL, 'times');
    await lab.run();
    // Of processor time, the shell's and that of all it started: how long it takes depends on what else runs here.
    const { out } = await lab.run();
    const seconds = [...out.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    expect(seconds).toHaveLength(4);
    expect(seconds.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.3);
  });

  it('says what it was made from', async () => {
    lab.commit('a "subject"\twith\u202e everything \\ é');
    await lab.run({ GIT_REF: 'trunk', AIKORE_EXTRA_REQUIREMENTS: 'beta\n# "quoted"\n' });
    const commit = lab.git('rev-parse', 'HEAD');
    expect(lab.record).toMatchObject({
      finished_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
      took_seconds: expect.any(Number),
      blueprint: 'Thing',
      script_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      pins: {
        git_ref: 'trunk',
        python_version: null,
        cuda_version: null,
        torch_version: null,
        extra_requirements: 'beta\n# "quoted"\n',
      },
      python: { version: expect.stringMatching(/^3\.\d+\.\d+$/), source: 'machine' },
      installer: uv === null ? 'pip' : 'uv',
      repositories: [
        {
          path: 'app',
          url: lab.at('origin'),
          ref: 'trunk',
          commit,
          subject: 'a "subject"\twith\u202e everything \\ é',
        },
      ],
      packages: { alpha: '1.0', beta: '1.0' },
    });
  });

  it.each<[string, (lab: SetupLab) => Record<string, string>, string]>([
    ['the script', (own) => (own.script(`${INSTALL} :`, LAUNCH, 'ALPHA_VERSION'), {}), 'The script changed'],
    ['a pin', () => ({ CUDA_VERSION: '12.8' }), 'CUDA_VERSION changed'],
    ['a variable that was named', () => ({ ALPHA_VERSION: '2.0' }), 'ALPHA_VERSION changed'],
    ['extra requirements', () => ({ AIKORE_EXTRA_REQUIREMENTS: 'beta' }), 'The extra requirements changed'],
    [
      'a file of requirements',
      (own) => (own.write('requirements.txt', 'beta'), {}),
      'The extra requirements',
    ],
    ['a checkout that is gone', (own) => (rmSync(own.own('app'), { recursive: true }), {}), '"app" is gone'],
    ['a Python that is gone', (own) => (rmSync(own.own('env/bin/python')), {}), 'does not start'],
  ])('is made again, once, and says why: %s', async (_what, change, reason) => {
    await lab.run();
    const env = change(lab);
    const again = await lab.run(env);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining(reason) });
    const third = await lab.run(env);
    expect([third.code, stepsOf(third.out)]).toEqual([0, []]);
    expect(lab.has('.aikore/history')).toBe(true);
  });

  it('does again only what changed, and keeps the others', async () => {
    await lab.run();
    const again = await lab.run({ AIKORE_EXTRA_REQUIREMENTS: 'alpha<2' });
    expect(stepsOf(again.out)).toEqual(['Installing the requirements']);
    expect((await lab.run({ ALPHA_VERSION: '2.0' })).out).toContain('LAUNCHED 2.0');
  });

  it('keeps ten former records', async () => {
    lab.script('aikore_venv ./env', 'echo LAUNCHED', 'TURN');
    for (let turn = 0; turn < 13; turn++) expect((await lab.run({ TURN: String(turn) })).code).toBe(0);
    const { out } = await lab.run({ TURN: '12' });
    expect(out).toBe('LAUNCHED\n');
    lab.write('launch.sh', 'ls .aikore/history | wc -l; cat .aikore/history/*.json | grep -c finished_at');
    expect((await lab.run()).out).toBe('10\n10\n');
  });

  it('is the same for what comes after it, whether it ran or not', async () => {
    lab.script(
      'mkdir -p deep; cd deep; export LEAKED=1; aikore_venv ../env',
      'echo "${PWD##*/} ${LEAKED-unset} $HF_HOME ${VIRTUAL_ENV##*/} $- $(type -P python)"',
    );
    const first = await lab.run();
    const second = await lab.run();
    const line = `in stance unset ${lab.at('models/huggingface')} env ehuB ${lab.own('env/bin/python')}\n`;
    expect(first.out.endsWith(line)).toBe(true);
    expect(second.out).toBe(line);
  });

  it('does not count when a step in the middle fails, and goes on there', async () => {
    lab.script(`aikore_venv ./env; aikore_install alpha; [[ -e allowed ]]; aikore_install beta`, LAUNCH);
    const failed = await lab.run();
    expect(failed.code).not.toBe(0);
    expect(failed.out).toContain('did not finish');
    expect([lab.has('.aikore/install.json'), lab.has('.aikore/setup.begun')]).toEqual([false, true]);
    lab.write('allowed');
    lab.commit('x');
    lab.write('app/subject', 'x');
    const again = await lab.run();
    expect(again.code).toBe(0);
    expect(stepsOf(again.out)).toEqual([
      'Checking what the interrupted installation left',
      'Installing beta',
    ]);
  });

  it('refuses to be called where errors would be passed over', async () => {
    lab.script('false; echo WENT ON');
    lab.write('launch.sh', lab.read('launch.sh').replace('aikore_setup install', 'aikore_setup install ||'));
    const { code, out } = await lab.run();
    expect(code).toBe(1);
    expect(out).toContain('on a line of its own');
    expect(out).not.toContain('WENT ON');
  });

  it('works without Python', async () => {
    lab.write('src/data', 'x');
    lab.script('aikore_download "$SOURCE" data', 'cat data');
    const SOURCE = pathToFileURL(lab.own('src/data')).href;
    const first = await lab.run({ SOURCE, AIKORE_EXTRA_REQUIREMENTS: 'alpha' });
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('passed over') });
    expect(lab.record).toMatchObject({ python: null, installer: null, accelerator: null, packages: {} });
    expect((await lab.run({ SOURCE, AIKORE_EXTRA_REQUIREMENTS: 'alpha' })).out).toBe('x');
  });
});
