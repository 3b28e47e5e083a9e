import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SetupLab } from '../support/setup-lab.js';
import { SmallDisk } from '../support/small-disk.js';
import { uvFolder } from '../support/stand-ins/uv-program.js';
import type { PackageSpec } from '../support/stand-ins/wheels.js';

const isSoak = process.env['AIKORE_SOAK'] === '1';
const MOMENTS = isSoak ? 40 : 3;
const PACKAGES = ['alpha', 'beta', 'gamma', 'delta'];
const INSTALL = `
  aikore_clone "$ORIGIN" app GIT_REF
  aikore_venv ./env
  aikore_install alpha beta
  aikore_requirements app/requirements.txt
`;
/** Every file of every package is read, so that none is half. */
const CHECK = `
python -I - <<'END'
import hashlib, importlib.metadata as m, base64
for d in m.distributions():
    for f in d.files or []:
        if f.hash and not str(f).startswith(".."):
            digest = base64.urlsafe_b64encode(hashlib.sha256(f.read_binary()).digest()).rstrip(b"=").decode()
            assert digest == f.hash.value, f
import alpha, beta, gamma, delta
END
echo "LAUNCHED $(cat app/subject) $(ls app/many | wc -l)"`;

let lab: SetupLab;
let uv: string | null;

beforeAll(() => {
  uv = uvFolder();
}, 120_000);
afterEach(() => lab.remove());

/** A package of some files, large enough to be interrupted in. */
function large(name: string, kilobytes = 100): PackageSpec {
  const files: Record<string, string> = {};
  for (let number = 0; number < 40; number++)
    files[`${name}/part${number}.py`] = `# ${`${name}${number}`.repeat(4)}\n`.repeat(kilobytes);
  return { name, version: '1.0', files };
}

function fill(own: SetupLab): SetupLab {
  own.add(...PACKAGES.map((name) => large(name)));
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`many/${n}`, 'x'.repeat(2000 + n)]));
  own.commit('one', { ...many, 'requirements.txt': 'gamma\ndelta\n' });
  own.script(INSTALL, CHECK);
  return own;
}

const clear = (own: SetupLab): void => {
  for (const name of ['app', 'app.partial', 'env', '.aikore'])
    rmSync(own.own(name), { recursive: true, force: true });
};

const wayOf = (kind: string): string | null => (kind === 'uv' ? uv : null);

describe.each(['pip', 'uv'])('an installation by %s that is killed', (kind) => {
  it('anywhere goes on at the next start, and ends right', async () => {
    lab = fill(new SetupLab({ uv: wayOf(kind) }));
    const whole = await lab.run();
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('LAUNCHED one 200') });
    for (let moment = 0; moment < MOMENTS; moment++) {
      clear(lab);
      const running = lab.start();
      await pause((whole.tookMs * (moment + Math.random())) / MOMENTS);
      await SetupLab.kill(running);
      const next = await lab.run();
      expect(next).toMatchObject({ code: 0, out: expect.stringContaining('LAUNCHED one 200') });
      expect((await lab.run()).out).toBe('LAUNCHED one 200\n');
    }
  }, 600_000);

  it('while packages are written', async () => {
    lab = fill(new SetupLab({ uv: wayOf(kind) }));
    await lab.run();
    for (let moment = 0; moment < MOMENTS; moment++) {
      rmSync(lab.own('env'), { recursive: true });
      const running = lab.start();
      await SetupLab.said(running, 'step=Installing alpha');
      await pause(Math.random() * (kind === 'uv' ? 400 : 3000));
      await SetupLab.kill(running);
      expect((await lab.run()).out).toContain('LAUNCHED one 200');
    }
  }, 600_000);
});

it('an update that is killed goes on, or stays as it was, and starts offline', async () => {
  lab = fill(new SetupLab({ uv }));
  const whole = await lab.run();
  for (let moment = 0; moment < MOMENTS; moment++) {
    lab.commit(`update ${moment}`);
    lab.write('.aikore/update');
    const running = lab.start();
    await pause((whole.tookMs * Math.random()) / 2);
    await SetupLab.kill(running);
    lab.goOffline();
    expect((await lab.run()).out).toMatch(/LAUNCHED (one|update \d+) 200/);
    lab.comeBack();
  }
}, 600_000);

it('a package that was left half is forgotten and installed again, and not as a broken cache has it', async () => {
  lab = fill(new SetupLab({ uv }));
  await lab.run();
  const site = lab.own('env/lib', readdirSync(lab.own('env/lib'))[0] ?? '', 'site-packages');
  // In place: where the cache's files are hard-linked, this breaks the cache as well.
  writeFileSync(join(site, 'beta/part3.py'), '');
  rmSync(join(site, 'gamma-1.0.dist-info/RECORD'));
  mkdirSync(join(site, '~elta'));
  lab.write('.aikore/setup.begun');
  const { code, out } = await lab.run();
  expect(out).toMatch(/Not whole, and installed again: (beta-1.0, gamma-1.0|gamma-1.0, beta-1.0)/);
  expect(out).toContain('LAUNCHED one 200');
  expect([code, existsSync(join(site, '~elta'))]).toEqual([0, false]);
}, 240_000);

it('a full disk in the middle ends with an error; with space again the next start ends right', async () => {
  lab = fill(new SetupLab({ uv: null }));
  const disk = SmallDisk.mount(lab.at('small'), '120m');
  if (disk === null) return;
  const small = fill(new SetupLab({ folder: disk.path, uv: null }));
  try {
    small.add(large('alpha', 6000));
    disk.fill(4 << 20);
    const full = await small.run({ PIP_NO_CACHE_DIR: '1', TMPDIR: lab.dir });
    expect(full.code).not.toBe(0);
    expect(full.out).toMatch(/No space left on device|did not finish/);
    disk.empty();
    disk.fill(22 << 20);
    const later = await small.run({ PIP_NO_CACHE_DIR: '1', TMPDIR: lab.dir });
    expect(later.code).not.toBe(0);
    expect(later.out).toContain('No space left on device');
    disk.empty();
    const roomy = await small.run({ PIP_NO_CACHE_DIR: '1', TMPDIR: lab.dir });
    expect(roomy).toMatchObject({ code: 0, out: expect.stringContaining('LAUNCHED one 200') });
  } finally {
    disk.unmount();
  }
}, 240_000);
