import { describe, expect, it } from '@jest/globals';
import type { InstallRecord, RepositoryUpdate, UpdateCheck } from '../../../src/contracts/environment.js';
import type { Instance } from '../../../src/contracts/instance.js';
import {
  behindWords,
  checkSentence,
  differences,
  hasNewer,
  pinWords,
  recordFacts,
  shortReason,
  shortRef,
} from './environment.js';
import { familyOf, joinNames, writersOf } from './family.js';

const COMMIT = 'c7f1d0a94be25f3c86e1b7720a5d9384f6c0e112';
const PINS = {
  git_ref: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  extra_requirements: '',
};

const record = (more: Partial<InstallRecord> = {}): InstallRecord => ({
  finished_at: '2026-11-20T10:00:00Z',
  took_seconds: 130,
  blueprint: 'ComfyUI.sh',
  script_digest: 'a',
  pins: PINS,
  python: { version: '3.12.8', source: 'uv' },
  installer: 'uv',
  accelerator: 'cuda',
  repositories: [{ path: 'app', url: '', ref: 'main', commit: COMMIT, subject: '', committed_at: null }],
  packages: { torch: '2.7.1', numpy: '2.0' },
  ...more,
});

const repository = (more: Partial<RepositoryUpdate> = {}): RepositoryUpdate => ({
  path: 'app',
  url: '',
  ref: 'main',
  commit: COMMIT,
  subject: '',
  committed_at: null,
  behind: 0,
  latest_commit: null,
  latest_at: null,
  changes: [],
  latest_tag: null,
  is_pinned: false,
  problem: null,
  ...more,
});

describe('an installation', () => {
  it('is told as facts, without those that it has not', () => {
    expect(recordFacts(record())).toEqual([
      ['Python', '3.12.8, from uv'],
      ['torch', '2.7.1'],
      ['Made for', 'CUDA (NVIDIA)'],
      ['Installed by', 'uv'],
      ['Packages', '2'],
      ['Pins', 'none'],
      ['Took', '2 min'],
    ]);
    const bare = record({ python: null, installer: null, accelerator: null, packages: {} });
    expect(recordFacts(bare).map(([term]) => term)).toEqual(['Pins', 'Took']);
  });

  it('names its pins, and counts further packages without their comments', () => {
    const extra_requirements = '# for speed\nsageattention\n\nxformers==0.0.30\n';
    expect(pinWords({ ...PINS, git_ref: COMMIT, torch_version: '2.6', extra_requirements })).toEqual([
      'Source c7f1d0a9',
      'torch 2.6',
      '2 further packages',
    ]);
    expect(shortRef('feature/a-very-long-name-of-a-branch')).toBe('feature/a-very-long-name-of-a-branch');
  });

  it('says how it differs from the one before', () => {
    const before = record({
      python: null,
      packages: { torch: '2.6', numpy: '1.0', gone: '1' },
      script_digest: 'b',
      repositories: [{ ...record().repositories[0]!, commit: `0${COMMIT.slice(1)}` }],
    });
    expect(differences(record(), before)).toEqual([
      'Python – → 3.12.8',
      'torch 2.6 → 2.7.1',
      '07f1d0a9 → c7f1d0a9',
      'another script',
      '2 packages changed',
    ]);
    expect(differences(record(), record())).toEqual([]);
    expect(differences(record(), null)).toEqual([]);
  });
});

it('a reason leaves out what stands above it', () => {
  expect(shortReason('The next start installs again: its script was changed.')).toBe(
    'Its script was changed.',
  );
  expect(shortReason('The next start brings it up to date.')).toBe('The next start brings it up to date.');
});

describe('what is new', () => {
  it.each<[Partial<RepositoryUpdate>, string]>([
    [{}, 'Up to date'],
    [{ behind: 1 }, '1 commit behind'],
    [{ behind: 1200 }, '1,200 commits behind'],
    [{ is_pinned: true }, 'Pinned, and nothing is newer'],
    [{ is_pinned: true, behind: 1 }, 'Pinned; 1 commit newer is there'],
    [{ behind: 3, problem: 'The server did not answer.' }, 'The server did not answer.'],
  ])('of a checkout with %j', (more, words) => {
    expect(behindWords(repository(more))).toBe(words);
  });

  const check = (more: Partial<UpdateCheck>): UpdateCheck => ({
    repositories: [],
    packages: [],
    has_updates: false,
    checked_at: '',
    ...more,
  });
  const lab = {
    name: 'lab',
    registry: 'pypi',
    installed: '1',
    latest: '2',
    variable: 'LAB',
    problem: null,
  } as const;

  it('is one sentence', () => {
    expect(checkSentence(check({}))).toBe('There is nothing that could be asked.');
    expect(checkSentence(check({ repositories: [repository()] }))).toBe('Everything is up to date.');
    expect(
      checkSentence(
        check({
          repositories: [repository({ behind: 2 }), repository({ behind: 9, is_pinned: true })],
          packages: [lab],
        }),
      ),
    ).toBe('2 new commits and 1 newer package.');
    expect(checkSentence(check({ repositories: [repository({ problem: 'Offline.' })] }))).toBe(
      '1 source could not be asked.',
    );
  });

  it('of a package is another version that is known', () => {
    expect(hasNewer(lab)).toBe(true);
    expect(
      [
        { ...lab, latest: '1' },
        { ...lab, latest: null },
        { ...lab, problem: 'Offline.' },
      ].some(hasNewer),
    ).toBe(false);
  });
});

describe('a family', () => {
  const instance = (id: number, parent: number | null, status: Instance['status'] = 'stopped'): Instance =>
    ({ id, name: `I${String(id)}`, parent_instance_id: parent, status }) as Instance;
  const all = [
    instance(1, null, 'started'),
    instance(2, 1),
    instance(3, 1, 'starting'),
    instance(4, null, 'started'),
  ];

  it('is a parent and its satellites, whoever of them is asked', () => {
    for (const member of all.slice(0, 3))
      expect(familyOf(member, all).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(familyOf(instance(4, null), all).map(({ id }) => id)).toEqual([4]);
  });

  it('has writers where one of it runs', () => {
    expect(writersOf(instance(2, 1), all).map(({ id }) => id)).toEqual([1, 3]);
  });

  it('is named in a sentence', () => {
    expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(joinNames)).toEqual([
      '',
      'A',
      'A and B',
      'A, B and C',
    ]);
  });
});
