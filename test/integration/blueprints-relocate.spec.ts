import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync } from 'node:fs';
import { readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { uvFolder } from '../support/stand-ins/uv-program.js';

const HELPER = resolve('blueprints/lib/relocate-env.py');

let dir: string;
let uv: string | null;

beforeAll(() => {
  uv = uvFolder();
}, 120_000);
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'aikore-move-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (...names: string[]): string => join(dir, ...names);

function put(path: string, content: string | Buffer, mode = 0o644): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content, { mode });
  return at(path);
}

function relocate(old: string, fresh: string) {
  const run = spawnSync('python3', ['-I', '-S', HELPER, old, fresh], { encoding: 'utf8', timeout: 30_000 });
  return { code: run.status, err: run.stderr };
}

function must(program: string, ...words: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, PIP_CONFIG_FILE: '/dev/null' };
  const run = spawnSync(program, words, { env, encoding: 'utf8', timeout: 60_000 });
  if (run.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

/** Everything in an environment that names a path, apart from compiled files. */
const mentions = (folder: string, text: string): string =>
  spawnSync('grep', ['-rlF', '--exclude=*.pyc', '--', text, folder], { encoding: 'utf8' }).stdout;

describe.each(['venv', 'uv'])('an environment of %s', (maker) => {
  function make(place: string): string {
    const env = at(place, 'env');
    if (maker === 'uv' && uv !== null) must(join(uv, 'uv'), 'venv', '-q', env);
    else must('python3', '-m', 'venv', '--without-pip', env);
    const site = at(place, 'env/lib', readdirSync(at(place, 'env/lib'))[0] ?? '', 'site-packages');
    const inSite = (name: string, content: string) => writeFileSync(join(site, name), content);
    // As pip, uv and setuptools write console scripts and editable installs.
    put(`${place}/app/src/thing.py`, 'def main():\n    import sys\n    print("THING", sys.prefix)\n');
    inSite('_thing.pth', `${at(place, 'app/src')}\n`);
    inSite(
      '__editable___other_finder.py',
      `MAPPING = {'other': '${at(place, 'app/other').replaceAll("'", "\\'")}'}\n`,
    );
    put(`${place}/env/bin/thing`, `#!${env}/bin/python\nimport thing\nthing.main()\n`, 0o755);
    mkdirSync(join(site, 'thing-1.0.dist-info'));
    inSite(
      'thing-1.0.dist-info/direct_url.json',
      JSON.stringify({ url: `file://${encodeURI(at(place, 'app'))}`, dir_info: { editable: true } }),
    );
    return env;
  }

  it.each([
    ['a', 'b'],
    ['a', 'a b'],
    ['a b', 'a'],
    ['a', 'a2'],
    ['a', `it's $HOME "q" é`],
    ['a', 'x'.repeat(120)],
  ])('works where it was moved to: %j to %j', (from, to) => {
    const old = make(from.replaceAll(' ', ' '));
    renameSync(at(from), at(to));
    const fresh = at(to, 'env');
    for (let turn = 0; turn < 2; turn++) {
      expect(relocate(old, fresh)).toEqual({ code: 0, err: '' });
      // A path with quotes cannot be told to sh and to Python in one line by anybody.
      if (!to.includes('"')) expect(must(join(fresh, 'bin/thing'))).toBe(`THING ${fresh}\n`);
      const shown = must(
        'bash',
        '-c',
        'source "$1"; printf %s "$VIRTUAL_ENV"',
        '-',
        join(fresh, 'bin/activate'),
      );
      expect(shown).toBe(fresh);
      const found = must(join(fresh, 'bin/python'), '-c', 'import thing; print(thing.__file__)');
      expect(found.trim()).toBe(at(to, 'app/src/thing.py'));
    }
    if (!to.startsWith(from)) expect(mentions(fresh, `${at(from)}/`)).toBe('');
  });

  it('writes through no hard link', () => {
    const old = make('a');
    cpSync(at('a'), at('b'), { recursive: true, verbatimSymlinks: true });
    rmSync(at('b/env/bin/thing'));
    linkSync(at('a/env/bin/thing'), at('b/env/bin/thing'));
    const before = readFileSync(at('a/env/bin/thing'));
    relocate(old, at('b/env'));
    expect(readFileSync(at('a/env/bin/thing'))).toEqual(before);
    expect(statSync(at('b/env/bin/thing')).nlink).toBe(1);
    expect(statSync(at('b/env/bin/thing')).mode & 0o777).toBe(0o755);
    expect(must(at('b/env/bin/thing'))).toBe(`THING ${at('b/env')}\n`);
    expect(must(at('a/env/bin/thing'))).toBe(`THING ${at('a/env')}\n`);
  });
});

describe('an environment of conda', () => {
  const PLACEHOLDER = `/placeholder${'_placehold'.repeat(24)}`.slice(0, 255);
  /** A string as conda writes it: padded to the room that its placeholder had. */
  const padded = (text: string, old: string): Buffer => {
    const room = PLACEHOLDER.length - old.length;
    return Buffer.concat([Buffer.from(text), Buffer.alloc(room * (text.split(old).length - 1) + 1)]);
  };

  function make(env: string): void {
    const binary = Buffer.concat([
      Buffer.from('\u007fELF\0\0'),
      padded(`${at(env)}/lib`, at(env)),
      Buffer.from('between\0'),
      padded(`${at(env)}/share:${at(env)}/etc`, at(env)),
      Buffer.from([1, 2, 3, 0, 0]),
    ]);
    put(`${env}/lib/libthing.so`, binary);
    put(`${env}/bin/tool`, `#!${at(env)}/bin/python\nPREFIX = '${at(env)}'\n`, 0o755);
    put(`${env}/lib/thing.pc`, `prefix=${at(env)}\n`);
    symlinkSync(`${at(env)}/bin/tool`, at(env, 'bin/alias'));
    const entry = (_path: string, file_mode: string) => ({
      _path,
      file_mode,
      prefix_placeholder: PLACEHOLDER,
    });
    const paths = [
      entry('lib/libthing.so', 'binary'),
      entry('bin/tool', 'text'),
      entry('lib/thing.pc', 'text'),
      entry('../outside', 'text'),
    ];
    put(`${env}/conda-meta/thing-1.json`, JSON.stringify({ name: 'thing', paths_data: { paths } }));
    put(`${env}/conda-meta/history`, `# cmd: conda create -p ${at(env)}\n`);
  }

  it.each(['longer-than-before', 'x', 'inst-2'])(
    'moves the paths in binaries within their room: %s',
    (to) => {
      make('inst');
      put('outside', at('inst'));
      const before = readFileSync(at('inst/lib/libthing.so'));
      renameSync(at('inst'), at(to));
      for (let turn = 0; turn < 2; turn++) expect(relocate(at('inst'), at(to)).code).toBe(0);
      const after = readFileSync(at(to, 'lib/libthing.so'));
      expect(after.length).toBe(before.length);
      expect(after.toString('latin1').split('\0').filter(Boolean)).toEqual([
        '\u007fELF',
        `${at(to)}/lib`,
        'between',
        `${at(to)}/share:${at(to)}/etc`,
        '\u0001\u0002\u0003',
      ]);
      expect(after.subarray(-5)).toEqual(Buffer.from([1, 2, 3, 0, 0]));
      expect(readFileSync(at(to, 'lib/thing.pc'), 'utf8')).toBe(`prefix=${at(to)}\n`);
      expect(readFileSync(at(to, 'bin/tool'), 'utf8')).toBe(`#!${at(to)}/bin/python\nPREFIX = '${at(to)}'\n`);
      expect(readlinkSync(at(to, 'bin/alias'))).toBe(at(to, 'bin/tool'));
      // What the meta data says lies outside is not touched.
      expect(readFileSync(at('outside'), 'utf8')).toBe(at('inst'));
    },
  );

  it('says when the new path has no room', () => {
    make('inst');
    const long = join('d'.repeat(200), 'e'.repeat(60));
    mkdirSync(dirname(at(long)));
    renameSync(at('inst'), at(long));
    expect(relocate(at('inst'), at(long))).toMatchObject({
      code: 1,
      err: expect.stringContaining('too long'),
    });
  });
});

it.each([
  [['a', '/b'], 'usage'],
  [['/nowhere/a', '/nowhere/b'], 'is not a folder'],
])('refuses %j', (words, says) => {
  expect(relocate(words[0] ?? '', words[1] ?? '')).toMatchObject({
    code: 1,
    err: expect.stringContaining(says),
  });
});

it('follows no link out of the environment', () => {
  put('a/env/bin/python', '');
  put('elsewhere/tool', `#!${at('a/env')}/bin/python\n`);
  symlinkSync(at('elsewhere/tool'), at('a/env/bin/tool'));
  renameSync(at('a'), at('b'));
  expect(relocate(at('a/env'), at('b/env')).code).toBe(0);
  expect(readFileSync(at('elsewhere/tool'), 'utf8')).toBe(`#!${at('a/env')}/bin/python\n`);
  expect(lstatSync(at('b/env/bin/tool')).isSymbolicLink()).toBe(true);
});
