import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs';
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

it('the application does not hold the lock, nor does what an installation leaves running', async () => {
  lab.script(
    `${INSTALL}\n sleep 60 </dev/null >/dev/null 2>&1 & echo $! >"$INSTANCE_CONF_DIR/left"`,
    'flock --nonblock .aikore/setup.lock echo FREE; ls -l /proc/self/fd | grep -c setup.lock || true',
  );
  const { out } = await lab.run();
  process.kill(Number(lab.read('left')), 'SIGKILL');
  expect(out).toMatch(/FREE\n0\n$/);
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
