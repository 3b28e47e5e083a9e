import { describe, expect, it } from '@jest/globals';
import type { InstallPins, InstallRecord } from '../../../contracts/environment.js';
import { environmentState } from './environment-state.js';
import type { EnvironmentFacts } from './environment-state.js';
import { latestTag, readRemoteRefs } from './git-output.js';
import { gitProblem, isAskable, placeOf } from './git-problem.js';
import { readInstallRecord } from './install-record.js';
import {
  installedVersion,
  isUpdate,
  latestOfNpm,
  latestOfPip,
  latestOfUv,
  packageProblem,
} from './package-output.js';
import { withoutPasswords } from './plain-values.js';
import {
  plainVersion,
  readCondaInfo,
  readCondaPackages,
  readPythonAnswer,
  readUvList,
} from './python-output.js';
import { readSetupDone } from './setup-done.js';
import { compareVersions, isNewer, isRelease } from '../../../core/text/domain/version-order.js';

const PINS: InstallPins = {
  git_ref: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  extra_requirements: '',
};
const RECORD: InstallRecord = {
  finished_at: '2026-11-20T10:00:00.000Z',
  took_seconds: 1,
  blueprint: 'Fooocus',
  script_digest: 'd',
  pins: PINS,
  python: { version: '3.11.2', source: 'machine' },
  installer: 'uv',
  accelerator: 'cuda',
  repositories: [],
  packages: { torch: '2.7.1' },
};
const READY: EnvironmentFacts = {
  isRemembered: true,
  scriptDigest: 'd',
  blueprint: 'Fooocus',
  pins: PINS,
  record: RECORD,
  done: { digests: new Map([['PRESET', 'a']]) },
  digests: new Map([['PRESET', 'a']]),
  isBegun: false,
  isStarting: false,
  others: [],
  venvPath: './env',
  isVenvThere: true,
  rebuild: null,
  isUpdateDue: false,
};
const reasonsOf = (more: Partial<EnvironmentFacts>): string[] =>
  environmentState({ ...READY, ...more }).reasons;

describe('what the next start does', () => {
  it('is nothing when all is as it was', () => {
    expect(environmentState(READY)).toEqual({ state: 'ready', reasons: [] });
    expect(environmentState({ ...READY, blueprint: 'Fooocus.sh' }).state).toBe('ready');
  });

  it.each<[Partial<EnvironmentFacts>, string]>([
    [{ scriptDigest: 'e' }, 'its script was changed'],
    [{ isVenvThere: false }, 'the environment ./env is not there'],
    [{ blueprint: 'Other' }, 'it was made from Fooocus'],
    [{ pins: { ...PINS, python_version: '3.12' } }, 'Python 3.11.2 → 3.12'],
    [{ pins: { ...PINS, torch_version: '2.8.0' } }, 'torch 2.7.1 → 2.8.0'],
    [{ pins: { ...PINS, cuda_version: '12.8' } }, 'CUDA the blueprint’s choice → 12.8'],
    [{ pins: { ...PINS, git_ref: 'v1' } }, 'Source the blueprint’s choice → v1'],
    [{ record: { ...RECORD, pins: { ...PINS, git_ref: 'v1' } } }, 'Source v1 → the blueprint’s choice'],
    [{ pins: { ...PINS, extra_requirements: 'numpy<2' } }, 'its extra requirements were changed'],
    [{ digests: new Map([['PRESET', 'b']]) }, 'PRESET was changed'],
    [
      { done: { digests: new Map([['requirements', 'a']]) }, digests: new Map([['requirements', '']]) },
      'requirements.txt was changed',
    ],
  ])('is told of %j', (more, why) => {
    expect(environmentState({ ...READY, ...more })).toEqual({
      state: 'stale',
      reasons: [`The next start installs again: ${why}.`],
    });
  });

  it('tells what was asked for, and what was not finished', () => {
    expect(reasonsOf({ rebuild: 'rebuild', isUpdateDue: true })).toEqual([
      'The next start builds the environment anew.',
      'The next start brings it up to date.',
    ]);
    expect(reasonsOf({ rebuild: 'clean' })).toEqual([
      'The next start builds the environment anew and downloads everything for it again.',
    ]);
    expect(reasonsOf({ done: null })).toEqual([
      'The last installation was not whole. The next start tries again.',
    ]);
    expect(environmentState({ ...READY, isBegun: true }).state).toBe('interrupted');
    expect(environmentState({ ...READY, isRemembered: false }).state).toBe('none');
    expect(environmentState({ ...READY, record: null }).state).toBe('absent');
  });

  it('waits for others that run from the same files, where there is something to do', () => {
    expect(reasonsOf({ others: ['second'] })).toEqual([]);
    expect(reasonsOf({ others: ['second'], isUpdateDue: true })).toEqual([
      'The next start brings it up to date.',
      'Nothing is installed while second runs from the same files: stop it first.',
    ]);
    expect(reasonsOf({ others: ['second', 'third'], isUpdateDue: true })[1]).toBe(
      'Nothing is installed while second, third run from the same files: stop them first.',
    );
  });

  it('is not told of a password that was changed in an address, for none is kept', () => {
    const of = (password: string) => `--extra-index-url https://me:${password}@example.org/index`;
    const record = { ...RECORD, pins: { ...PINS, extra_requirements: of('') } };
    expect(reasonsOf({ record, pins: { ...PINS, extra_requirements: of('secret') } })).toEqual([]);
  });
});

describe('a record', () => {
  it('keeps what has the right shape and leaves out the rest', () => {
    const { repositories, packages, pins, python } = readInstallRecord(
      JSON.stringify({
        finished_at: '2026-11-20T10:00:00Z',
        pins: { git_ref: 7, python_version: ' 3.12 ' },
        python: { version: '3.12', source: 'the moon' },
        repositories: Array.from({ length: 100 }, () => ({ path: 'a', commit: 'b'.repeat(40) })),
        packages: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`p${index}`, '1'])),
      }),
    ) as InstallRecord;
    expect([
      repositories.length,
      Object.keys(packages).length,
      pins.git_ref,
      pins.python_version,
      python,
    ]).toEqual([32, 2000, null, '3.12', null]);
  });

  it('takes no long time, whatever an application wrote', () => {
    const began = performance.now();
    for (const text of [
      'a'.repeat(1e6),
      '['.repeat(1e6),
      `"${'\\u001b]'.repeat(1e5)}"`,
      'https://'.repeat(1e5),
    ]) {
      readInstallRecord(text);
      withoutPasswords(text);
      gitProblem({ ending: 'ended', stderr: text }, 'x');
      packageProblem('x', 'y', text);
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('beside functions.sh’s own notes', () => {
    const digest = 'c'.repeat(64);
    const notes = `key library 1\nkey requirements \nkey variable PRESET ${digest}\nkey variable EMPTY \nkey variable X ../x\n`;
    expect([...readSetupDone(notes).digests]).toEqual([
      ['requirements', ''],
      ['PRESET', digest],
      ['EMPTY', ''],
    ]);
  });
});

describe('versions', () => {
  it.each([
    ['1.10.0', '1.9.9'],
    ['2.0', '2.0rc1'],
    ['2.0rc1', '2.0b3'],
    ['2.0.post1', '2.0'],
    ['1!0.1', '9.9'],
    ['v2.1', '2.0.9'],
    ['2.0.0-beta.2', '2.0.0-alpha.9'],
  ])('%s is newer than %s', (newer, older) => {
    expect([isNewer(newer, older), isNewer(older, newer)]).toEqual([true, false]);
  });

  it('are equal in other words, and none where there is no number', () => {
    expect(compareVersions('1.0', '1.0.0')).toBe(0);
    expect(compareVersions('latest', '1.0')).toBeNull();
    expect([isRelease('1.0'), isRelease('1.0.dev3'), isRelease('nightly')]).toEqual([true, false, false]);
  });

  it('of packages are updates only when they are newer', () => {
    expect(isUpdate('4.4.0', '4.4.1')).toBe(true);
    expect(isUpdate('4.5.0rc1', '4.4.1')).toBe(false);
    expect(isUpdate(null, '4.4.1')).toBe(false);
    expect(isUpdate('4.4.1', null)).toBe(false);
    expect(installedVersion({ open_webui: '0.6' }, 'Open-WebUI')).toBe('0.6');
  });
});

describe('what registries print', () => {
  it('is read from pip, uv and npm', () => {
    expect(latestOfPip('jupyterlab (4.6.6)\nAvailable versions: 4.6.6, 4.6.5\n')).toBe('4.6.6');
    expect(latestOfPip('Available versions: 4.6.6, 4.6.5\n')).toBe('4.6.6');
    expect(latestOfUv('# comment\nother==1\nopen-webui==0.6.1\n', 'open_webui')).toBe('0.6.1');
    expect(latestOfNpm('{"latest":"1.19.0","beta":"2.0.0"}')).toBe('1.19.0');
    for (const text of ['', 'x (<script>)', '{"latest":{}}', '[]', 'null', '{"latest":"$(id)"}'])
      expect([latestOfPip(text), latestOfUv(text, 'x'), latestOfNpm(text)]).toEqual([null, null, null]);
  });

  it('is a sentence when it failed', () => {
    expect(packageProblem('The registry of npm', 'x', 'npm error code E404')).toBe(
      'The registry of npm has no package x.',
    );
    expect(packageProblem('The package index', 'x', 'getaddrinfo EAI_AGAIN')).toBe(
      'The package index cannot be reached.',
    );
    expect(packageProblem('The package index', 'x', 'odd\nERROR: https://me:pw@h/ said no')).toBe(
      'The package index could not be asked: ERROR: https://h/ said no',
    );
  });
});

describe('remotes', () => {
  it.each([
    'https://github.com/a/b.git',
    'http://me:pw@host:3000/a',
    'ssh://git@host/a.git',
    'git@github.com:a/b.git',
    'file:///srv/a b.git',
    '/srv/a b.git',
  ])('%j may be asked', (url) => expect(isAskable(url)).toBe(true));

  it.each([
    '',
    '--upload-pack=x',
    'ext::sh -c id',
    'fd::17',
    '../a',
    'a/b',
    'git://h/a',
    '-x:y',
    'h::y',
    'https://h/\n',
  ])('%j may not', (url) => expect(isAskable(url)).toBe(false));

  it('are named by their host, never with a password', () => {
    expect(placeOf('https://me:pw@github.com:443/a')).toBe('github.com');
    expect(placeOf('git@github.com:a/b.git')).toBe('github.com');
    expect(placeOf('/srv/a.git')).toBe('/srv/a.git');
  });

  it.each([
    ['fatal: unable to access: Could not resolve host: github.com', 'github.com cannot be reached.'],
    [
      "fatal: could not read Username for 'https://x': terminal prompts disabled",
      'github.com asks for a sign-in that git does not have.',
    ],
    [
      "remote: Repository not found.\nfatal: repository 'https://x/' not found",
      'github.com has no such repository any more.',
    ],
    ["fatal: transport 'ext' not allowed", 'git may not ask github.com in this way.'],
    ['fatal: odd \u001b[31mthing', 'github.com could not be asked: odd thing'],
    ['', 'github.com could not be asked: it said nothing of why'],
  ])('that fail with %j are told of', (stderr, sentence) =>
    expect(gitProblem({ ending: 'ended', stderr }, 'github.com')).toBe(sentence),
  );

  it('have a newest release among their tags', () => {
    const refs = (...names: string[]) =>
      readRemoteRefs(
        ['ref: refs/heads/main\tHEAD', ...names.map((name) => `${'a'.repeat(40)}\trefs/tags/${name}`)].join(
          '\n',
        ),
      );
    expect(latestTag(refs('v1.9', 'v1.10', 'v1.10^{}', 'v2.0-rc1', 'nightly'))).toBe('v1.10');
    expect(latestTag(refs('b5121', 'b987'))).toBe('b5121');
    expect(latestTag(refs('nightly'))).toBeNull();
    expect(refs().head).toBe('refs/heads/main');
  });
});

describe('Pythons', () => {
  it('answer with their version', () => {
    expect(readPythonAnswer('3.12 True\n')).toEqual({ version: '3.12', makesEnvironments: true });
    expect(readPythonAnswer('3.7 True')).toBeNull();
    expect(readPythonAnswer('pyenv: not found')).toBeNull();
  });

  it('of uv are releases of CPython, one a version', () => {
    const entry = { implementation: 'cpython', variant: 'default', path: null };
    const list = [
      { ...entry, version: '3.16.0a2' },
      { ...entry, version: '3.13.1', variant: 'freethreaded' },
      { ...entry, version: '3.13.1' },
      { ...entry, version: '3.12.9' },
      { ...entry, version: '3.12.4', path: '/x' },
      { ...entry, version: '3.11.1', implementation: 'pypy' },
      7,
    ];
    expect(readUvList(JSON.stringify(list))).toEqual([
      { version: '3.13', source: 'uv', is_present: false },
      { version: '3.12', source: 'uv', is_present: true },
    ]);
    expect(readUvList('{}')).toEqual([]);
  });

  it('of conda are those that it has', () => {
    expect(readCondaInfo('{"conda_version":"25.1.0","pkgs_dirs":["/opt/conda/pkgs",7]}')).toEqual({
      version: '25.1.0',
      folders: ['/opt/conda/pkgs'],
    });
    expect(readCondaPackages(['python-3.11.9-h955ad1f_0', 'python-dateutil-2.9-py_0', 'numpy-1'])).toEqual([
      { version: '3.11', source: 'conda', is_present: true },
    ]);
    expect(plainVersion('uv 0.13.9 (x86_64)')).toBe('0.13.9');
  });
});
