import { describe, expect, it } from '@jest/globals';
import type { PythonChoices } from '../../../src/contracts/environment.js';
import { cudaProblem, pythonProblem, refProblem, requirementsProblem, torchProblem } from './pin-rules.js';
import { pinSummary } from './pin-summary.js';
import { distinctPythons, judgePython } from './python-choice.js';

describe('pins', () => {
  it.each(['', 'main', 'v1.2.3', 'feature/x', '0b5ed99', 'a@b', 'ü'])('takes %j for a name of git', (ref) => {
    expect(refProblem(ref)).toBeNull();
  });

  it.each([
    ...['--upload-pack=x', '-f', 'a b', 'a..b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[', 'a\\b', '@', '@{u}'],
    ...['/a', 'a/', 'a//b', 'a/.b', '.a', 'a.', 'a.lock', 'a.lock/b', 'a\u202eb', 'a\tb', 'x'.repeat(201)],
  ])('takes no %j', (ref) => {
    expect(refProblem(ref)).toEqual(expect.stringMatching(/\.$/));
  });

  it('knows versions', () => {
    expect(['3.12', '3.12.4', ''].map(pythonProblem)).toEqual([null, null, null]);
    expect(['2.7', '3', '3.', '3.012', '3.12.4.1', '3.12;id'].map(pythonProblem)).not.toContain(null);
    expect(['12.8', ''].map(cudaProblem)).toEqual([null, null]);
    expect(['12', 'cu128', '012.8'].map(cudaProblem)).not.toContain(null);
    expect(['2.7', '2.7.1'].map(torchProblem)).toEqual([null, null]);
    expect(['2.7.1+cu128', 'latest'].map(torchProblem)).not.toContain(null);
  });

  it.each([
    '',
    'xformers==0.0.31\n# a word\n\nsageattention; python_version > "3.10"',
    '--pre\n--extra-index-url https://wheels.lan/index\n--find-links wheels',
  ])('takes the packages %j', (text) => {
    expect(requirementsProblem(text)).toBeNull();
  });

  it.each([
    ['-r other.txt', 1],
    ['a\n--index-url https://x', 2],
    ['--extra-index-url http://x', 1],
    ['--extra-index-url=file:///etc', 1],
    ['--find-links --pre', 1],
    ['a \\\nb', 1],
    ['a\n\nb\u0007', 3],
  ])('takes no %j, and says which line it is', (text, line) => {
    expect(requirementsProblem(text)).toMatch(new RegExp(`^Line ${String(line)}: .*\\.$`));
  });

  it('takes no more than 16 KB', () => {
    expect(requirementsProblem('ü'.repeat(8193))).toBe('At most 16 KB.');
  });

  it('says in a few words what is pinned', () => {
    const none = { git_ref: null, python_version: null, cuda_version: null, torch_version: null };
    expect(pinSummary({ ...none, extra_requirements: '' })).toBe('as the blueprint says');
    expect(pinSummary({ ...none, python_version: '3.11', extra_requirements: 'a\n# b\n--pre\nc' })).toBe(
      'Python 3.11 · 2 further packages',
    );
    expect(pinSummary({ ...none, git_ref: 'x'.repeat(60), extra_requirements: '' })).toHaveLength(31);
  });
});

describe('Pythons', () => {
  const choices: PythonChoices = {
    pythons: [
      { version: '3.11', source: 'uv', is_present: false },
      { version: '3.11', source: 'machine', is_present: true },
      { version: '3.9', source: 'uv', is_present: false },
      { version: '3.10', source: 'conda', is_present: false },
    ],
    uv: '0.9.3',
    conda: '24.1',
  };

  it('are listed once each, what is here first, then the newest', () => {
    expect(distinctPythons(choices).map(({ version, source }) => `${version} ${source}`)).toEqual([
      '3.11 machine',
      '3.10 conda',
      '3.9 uv',
    ]);
  });

  it.each([
    ['3.11', true, /is on this machine/],
    ['3.9', true, /not here yet: uv fetches it/],
    ['3.11.7', true, /Whether it is exactly 3\.11\.7 shows at the start/],
    ['3.8', false, /cannot be had on this machine, which has 3\.11\./],
  ])('%s', (version, isAvailable, words) => {
    expect(judgePython(version, choices)).toEqual({ isAvailable, sentence: expect.stringMatching(words) });
  });

  it('say how others are had, and nothing while nothing is known', () => {
    expect(judgePython('3.8', { pythons: [], uv: null, conda: null })?.sentence).toBe(
      'Python 3.8 cannot be had on this machine, which has none. uv or conda would fetch others.',
    );
    expect(judgePython('3.8', null)).toBeNull();
    expect(judgePython('', choices)).toBeNull();
  });
});
