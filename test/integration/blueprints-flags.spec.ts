import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Running } from '../support/setup-lab.js';
import { SetupLab } from '../support/setup-lab.js';
import { uvFolder } from '../support/stand-ins/uv-program.js';

const INSTALL = `
  aikore_clone "$ORIGIN" app GIT_REF
  aikore_venv ./env
  aikore_requirements app/requirements.txt
  echo "caches: \${PIP_NO_CACHE_DIR-kept} \${UV_NO_CACHE-kept}"
`;
const LAUNCH = 'python -c "import alpha; print(\'LAUNCHED\', alpha.__version__)"; cat app/subject; echo';

let lab: SetupLab;
let uv: string | null;

beforeAll(() => {
  uv = uvFolder();
}, 120_000);

beforeEach(() => {
  lab = new SetupLab({ uv });
  lab.add({ name: 'alpha', version: '1.0' });
  lab.commit('one', { 'requirements.txt': 'alpha\n' });
  lab.script(INSTALL, LAUNCH);
});
afterEach(() => lab.remove());

const stepsIn = (out: string): number => out.split('\u001b]977;step=').length - 1;
const inodeOf = (name: string): number => statSync(lab.own(name)).ino;

describe('a rebuild', () => {
  it.each([
    ['plain', '', 'caches: kept kept', true],
    ['clean', 'clean\n', 'caches: 1 1', false],
  ])('is made anew: %s', async (_kind, flag, caches, hasCache) => {
    await lab.run();
    lab.write('cache/file');
    lab.write('env/old');
    lab.write('.rebuild-env', flag);
    const app = inodeOf('app');
    const { code, out } = await lab.run();
    expect([code, lab.has('env/old'), lab.has('.rebuild-env')]).toEqual([0, false, false]);
    expect(out).toContain(caches);
    expect(lab.has('cache/file')).toBe(hasCache);
    expect(inodeOf('app')).toBe(app);
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
  });

  it('keeps the flag until it has succeeded', async () => {
    await lab.run();
    lab.write('.rebuild-env', 'clean');
    lab.goOffline();
    expect((await lab.run()).code).not.toBe(0);
    expect(lab.read('.rebuild-env')).toBe('clean');
    lab.comeBack();
    const { out } = await lab.run();
    expect(out).toContain('caches: 1 1');
    expect(lab.has('.rebuild-env')).toBe(false);
  });
});

describe('an update', () => {
  it('brings checkouts and packages to the newest, and only when it is wanted', async () => {
    await lab.run();
    lab.commit('two');
    lab.add({ name: 'alpha', version: '2.0' });
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
    lab.write('.aikore/update');
    expect((await lab.run()).out).toMatch(/LAUNCHED 2.0\ntwo\n$/);
    expect(lab.has('.aikore/update')).toBe(false);
    expect((await lab.run()).out).toBe('LAUNCHED 2.0\ntwo\n');
    expect(lab.record.repositories[0]?.subject).toBe('two');
  });

  it('that cannot be fetched is a warning', async () => {
    await lab.run();
    lab.goOffline();
    lab.write('.aikore/update');
    const { code, out } = await lab.run();
    expect(code).toBe(0);
    expect(out).toContain('cannot be reached');
    expect(out).toMatch(/LAUNCHED 1.0\none\n$/);
    expect(lab.has('.aikore/update')).toBe(false);
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
  });

  it('that cannot be installed leaves what was there', async () => {
    await lab.run();
    lab.commit('broken', { 'requirements.txt': 'alpha\nnot-in-any-index\n' });
    lab.write('.aikore/update');
    const { code, out } = await lab.run();
    expect(code).toBe(0);
    expect(out).toContain('the update failed; going back');
    expect(out).toMatch(/LAUNCHED 1.0\none\n$/);
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
    lab.commit('mended', { 'requirements.txt': 'alpha\n' });
    lab.write('.aikore/update');
    expect((await lab.run()).out).toMatch(/LAUNCHED 1.0\nmended\n$/);
  });
});

describe('a reference', () => {
  it('moves the checkout when it is another, and only then', async () => {
    lab.git('tag', 'v1');
    await lab.run();
    const second = lab.commit('two');
    expect((await lab.run({ GIT_REF: 'trunk' })).out).toMatch(/two\n$/);
    lab.commit('three');
    expect((await lab.run({ GIT_REF: 'v1' })).out).toMatch(/one\n$/);
    expect(lab.record.repositories[0]?.ref).toBe('v1');
    expect((await lab.run({ GIT_REF: second })).out).toMatch(/two\n$/);
    expect(lab.record.repositories[0]?.ref).toBe(null);
    expect((await lab.run()).out).toMatch(/three\n$/);
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\nthree\n');
  });

  it('that cannot be fetched runs what is there, and is tried again', async () => {
    await lab.run();
    lab.commit('two');
    lab.git('tag', 'v2');
    lab.goOffline();
    for (let turn = 0; turn < 2; turn++) {
      const { code, out } = await lab.run({ GIT_REF: 'v2' });
      expect([code, out.includes('Staying at')]).toEqual([0, true]);
      expect(out).toMatch(/LAUNCHED 1.0\none\n$/);
    }
    lab.comeBack();
    expect((await lab.run({ GIT_REF: 'v2' })).out).toMatch(/two\n$/);
  });
});

describe('a satellite', () => {
  const SATELLITE = { AIKORE_SATELLITE: '1', ALPHA_VERSION: '9', INSTANCE_NAME: 'second' };

  it('takes what its parent installed, whatever its own variables are', async () => {
    lab.script(INSTALL, LAUNCH, 'ALPHA_VERSION');
    await lab.run();
    lab.goOffline();
    expect(await lab.run(SATELLITE)).toMatchObject({ code: 0, out: 'LAUNCHED 1.0\none\n' });
    expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
  });

  it('leaves the links of its parent', async () => {
    const link =
      'sl_folder app output "$INSTANCE_OUTPUT_DIR"; aikore_models app/models/loras lora; echo LAUNCHED';
    lab.script(INSTALL, link);
    await lab.run();
    await lab.run({ ...SATELLITE, INSTANCE_OUTPUT_DIR: lab.at('others'), AIKORE_MODELS_DIR: lab.at('m2') });
    expect(readlinkSync(lab.own('app/output'))).toBe(lab.at('outputs'));
    expect(readlinkSync(lab.own('app/models/loras'))).toBe(lab.at('models/lora'));
    expect(existsSync(lab.at('others'))).toBe(false);
  });

  it('waits while its parent installs, says so, and then takes what it made', async () => {
    lab.script(`${INSTALL}\n echo one >>"$INSTANCE_CONF_DIR/turns"; sleep 2`, LAUNCH);
    const parent = lab.start();
    await SetupLab.said(parent, 'caches: kept');
    const second = await lab.run(SATELLITE);
    expect(second.out).toContain('step=Waiting for another start that installs');
    expect(second.out).toMatch(/LAUNCHED 1.0\none\n$/);
    expect((await parent.finished).code).toBe(0);
    expect(lab.read('turns')).toBe('one\n');
  });
});

describe('while another instance runs from the same files', () => {
  const STAYS = 'cat app/subject; echo; [[ -z ${STAYS:-} ]] || { echo STAYS; exec sleep 600; }';
  const SATELLITE = { AIKORE_SATELLITE: '1', STAYS: '1' };
  let other: Running;

  beforeEach(async () => {
    lab.script(INSTALL, `${LAUNCH}; ${STAYS}`);
    await lab.run();
    other = lab.start(SATELLITE);
    await SetupLab.said(other, 'STAYS');
  });
  afterEach(() => SetupLab.kill(other));

  it.each<[string, () => Record<string, string>, string, RegExp]>([
    ['other pins', () => ({ GIT_REF: 'next' }), 'GIT_REF changed. Nothing is installed', /next\n/],
    ['an update', () => (lab.write('.aikore/update'), {}), 'An update is wanted. Nothing is', /two\n/],
    ['a rebuild', () => (lab.write('.rebuild-env'), {}), 'A rebuild is wanted. Nothing is', /one\n/],
  ])('nothing is exchanged under it, and all of it afterwards: %s', async (_what, wish, said, result) => {
    const inode = inodeOf('env');
    lab.commit('two');
    lab.git('checkout', '-qb', 'next');
    lab.commit('next');
    lab.git('checkout', '-q', 'trunk');
    const own = wish();
    const meanwhile = await lab.run(own);
    expect(meanwhile).toMatchObject({ code: 0, out: expect.stringContaining(said) });
    expect(meanwhile.out).toMatch(/LAUNCHED 1.0\none\n/);
    expect(stepsIn(meanwhile.out)).toBe(0);
    expect(inodeOf('env')).toBe(inode);

    await SetupLab.kill(other);
    const afterwards = await lab.run(own);
    expect([afterwards.code, afterwards.out.includes('Nothing is installed')]).toEqual([0, false]);
    expect(afterwards.out).toMatch(result);
    expect(stepsIn((await lab.run(own)).out)).toBe(0);
  });

  it('what cannot run with what is there says which way out there is', async () => {
    rmSync(lab.own('app'), { recursive: true });
    const { code, out } = await lab.run();
    expect([code, out.includes('LAUNCHED')]).toEqual([1, false]);
    expect(out).toContain('"app" is gone, and another instance runs from these files. Stop it');
  });

  it('a start that has nothing to install is not held up', async () => {
    expect(await lab.run()).toMatchObject({ code: 0, out: expect.stringMatching(/^LAUNCHED 1.0\none\n/) });
  });
});

it('the application does not hold the lock, nor does what an installation leaves running', async () => {
  lab.script(
    `${INSTALL}\n sleep 60 </dev/null >/dev/null 2>&1 & echo $! >"$INSTANCE_CONF_DIR/left"`,
    'flock --nonblock .aikore/setup.lock echo FREE; ls -l /proc/self/fd | grep -c setup.lock || true',
  );
  const { out } = await lab.run();
  const again = await lab.run({ CUDA_VERSION: '12.8' });
  process.kill(Number(lab.read('left')), 'SIGKILL');
  expect(out).toMatch(/FREE\n0\n$/);
  expect(again.out).toContain('caches:');
});

it('what goes with a folder that was renamed is found again', async () => {
  await lab.run();
  lab.goOffline();
  const old = lab.home;
  lab.home = lab.at(`it's "new" $HOME é`);
  renameSync(old, lab.home);
  expect((await lab.run()).out).toMatch(/Adapting the environment.*\nLAUNCHED 1.0\none\n$/);
  expect((await lab.run()).out).toBe('LAUNCHED 1.0\none\n');
  expect(readFileSync(lab.own('env/bin/activate'), 'utf8')).not.toContain('in stance');
  rmSync(lab.home, { recursive: true });
});
