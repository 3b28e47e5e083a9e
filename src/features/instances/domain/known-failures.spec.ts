import { describe, expect, it } from '@jest/globals';
import { gpuCases } from '../../../../test/fixtures/failures/gpu.js';
import { modelCases } from '../../../../test/fixtures/failures/models.js';
import { gitCases, networkCases } from '../../../../test/fixtures/failures/network.js';
import { packageCases } from '../../../../test/fixtures/failures/packages.js';
import { pythonCases } from '../../../../test/fixtures/failures/python.js';
import { crashCases, shellCases } from '../../../../test/fixtures/failures/shell.js';
import { systemCases } from '../../../../test/fixtures/failures/system.js';
import { KNOWN_FAILURES, MAX_LINES_AFTER, findKnownFailure } from './known-failures.js';
import { clean } from './known-failures/known-failure.js';

const cases = [
  ...gpuCases,
  ...gitCases,
  ...pythonCases,
  ...packageCases,
  ...modelCases,
  ...networkCases,
  ...systemCases,
  ...shellCases,
  ...crashCases,
];
const linesOf = (log: string): string[] => log.split('\n').filter((line) => line.trim() !== '');
const codeOf = (log: string): string | null => findKnownFailure(linesOf(log))?.code ?? null;

const OOM = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
const MISSING = "ModuleNotFoundError: No module named 'torch'";

describe('what programs print when they fail', () => {
  it.each(cases)('$#: $code', ({ code, log, says }) => {
    const failure = findKnownFailure(linesOf(log));
    expect(failure?.code).toBe(code);
    if (says !== undefined) expect(failure?.message).toContain(says);
  });

  it('is known by a real text for every entry', () => {
    const shown = new Set(cases.map(({ code }) => code));
    expect(KNOWN_FAILURES.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([]);
    expect(
      KNOWN_FAILURES.map(({ code }) => code).filter((code) => !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(code)),
    ).toEqual([]);
  });

  it('is explained in sentences, and remedies have something to do', () => {
    for (const { log } of cases) {
      const failure = findKnownFailure(linesOf(log));
      expect(failure?.message).toMatch(/^[^\n]{20,600}[.!)]$/);
      expect(failure?.message).not.toMatch(/undefined|“”|\(\)| {2}/);
      for (const remedy of failure?.remedies ?? []) {
        expect(remedy.label).toMatch(/^(?:Choose|Rebuild|Take|Set) /);
        if (remedy.action === 'set_variable') expect(remedy.variable).toMatch(/^[A-Za-z_]\w*$/);
      }
    }
  });

  it.each([
    [OOM, 'choose_gpu'],
    [MISSING, 'rebuild'],
    ['OSError: [Errno 98] Address already in use', 'change_port'],
    ['Cannot access gated repo for url https://huggingface.co/a/b/resolve/main/x.', 'set_variable'],
  ])('offers a remedy: %s', (line, action) => {
    expect(findKnownFailure([line])?.remedies.map((remedy) => remedy.action)).toEqual([action]);
  });
});

describe('what is not blamed', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['an unknown error', 'ValueError: the sampler is not known\nlaunch.sh: giving up'],
    [
      'what pip says of packages that it did not touch',
      `ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the source of the following dependency conflicts.
torchvision 0.20.0 requires torch==2.5.0, but you have torch 2.6.0 which is incompatible.
Successfully installed torch-2.6.0`,
    ],
    ['an error that the program says it dealt with', `WARNING caught ${OOM}\nepoch 2\nValueError: no`],
    ['an error before a fall-back', `${OOM} - falling back to tiled decoding\nValueError: no`],
    [
      'an error before the application served',
      `${MISSING}\nRunning on local URL:  http://127.0.0.1:7860\nbye`,
    ],
    [
      'an error of an earlier step',
      `ERROR: No matching distribution found for x\n==> Starting the server\nbye`,
    ],
    [
      'a mere warning',
      'WARNING: libcudart.so.11.0: cannot open shared object file: No such file or directory',
    ],
    [
      'a warning of Python',
      '/app/x.py:3: UserWarning: Not enough free disk space to download the file.\nValueError: no',
    ],
    [
      'what an application tells in passing',
      'INFO killed 3 zombies\nINFO The Killed list is empty\nI was Aborted by nobody\nsegmentation model loaded',
    ],
    ['a progress bar', ' 40%|████      | 404/1000 [00:10<00:15, 40.1it/s]'],
    ['numbers that look like codes', 'loss 0.401 step 404 port 8080 in 28 s, 98 of 98 done'],
  ])('%s', (_what, log) => {
    expect(codeOf(log)).toBeNull();
  });

  it('is an error that a long run has left behind', () => {
    const epochs = (count: number) => Array.from({ length: count }, (_, index) => `epoch ${index}: loss 0.3`);
    expect(findKnownFailure([OOM, ...epochs(MAX_LINES_AFTER + 1), 'ValueError: no'])).toBeNull();
    expect(findKnownFailure([OOM, ...epochs(3)])?.code).toBe('cuda_out_of_memory');
  });

  it('is an error far above a trace that has nothing to do with it, but frames do not count as distance', () => {
    const frames = Array.from({ length: 200 }, (_, index) => `  File "x.py", line ${index}, in f`);
    expect(findKnownFailure([OOM, 'Traceback (most recent call last):', ...frames])?.code).toBe(
      'cuda_out_of_memory',
    );
  });
});

describe('which reason wins', () => {
  it('is the one nearest to the end', () => {
    expect(codeOf(`${MISSING}\ninstalling it\n${OOM}`)).toBe('cuda_out_of_memory');
    expect(codeOf(`${OOM}\nagain\n${MISSING}`)).toBe('python_module_missing');
  });

  it('is a cause before what merely followed from it', () => {
    expect(codeOf(`${OOM}\nlaunch.sh: line 3: 4711 Aborted    python app.py`)).toBe('cuda_out_of_memory');
  });

  it('is the specific one of a line', () => {
    expect(codeOf('ImportError: libGL.so.1: cannot open shared object file: No such file or directory')).toBe(
      'system_library_missing',
    );
    expect(codeOf('OSError: [Errno 28] inotify watch limit reached')).toBe('watch_limit');
  });
});

describe('hostile logs', () => {
  const CHARACTERS = 64 * 1024;
  const fill = (piece: string): string =>
    piece.repeat(Math.ceil(CHARACTERS / piece.length)).slice(0, CHARACTERS);
  const wrap = (text: string): string[] => text.match(/[^]{1,2000}/g) ?? [];

  /** Of several turns, for the machine may be busy with other things in one. */
  const quickestMs = (task: () => void): number =>
    Math.min(
      ...[1, 2, 3, 4].map(() => {
        const beganMs = performance.now();
        task();
        return performance.now() - beganMs;
      }),
    );

  it.each([
    'a',
    ' ',
    "'",
    '1',
    ': ',
    '/',
    'line 1: ',
    'Permission denied ',
    'civitai.com ',
    'No space left on device ',
    '/dev/shm ',
    'cannot create ',
    'DataLoader worker (pid ',
    'AssertionError: model ',
    'bind on address (',
    'Warning',
    'x.so.1',
    '.so',
    'lib',
    'object file ',
    'Cannot find module ',
    'A_',
    '\\r',
    '$',
    'cannot open shared object file',
    "No such file or directory: '",
    'listen tcp 1:1:1:',
    'EADDRINUSE: address already in use :',
  ])('take no time: %j', (piece) => {
    for (const lines of [wrap(fill(piece)), [fill(piece)], fill(`${piece}\n`).split('\n')]) {
      // On a quiet machine it takes 10 to 40 ms; a pattern that goes over it again for each character, seconds.
      expect(quickestMs(() => findKnownFailure(lines))).toBeLessThan(400);
    }
  });

  it('get no control, no direction and no length into a sentence', () => {
    const name = `x\u202e\u0007\u200b\u2028evil\ud800${'y'.repeat(500)}`;
    const failure = findKnownFailure([`ModuleNotFoundError: No module named '${name.slice(0, 150)}'`]);
    expect(failure?.message).toContain('“xevil');
    expect(failure?.message).not.toMatch(/[\p{C}\u2028]/u);
    expect(clean(name)).toMatch(/^xevily{115}…$/);
  });

  it('get no password of an address into a sentence', () => {
    const failure = findKnownFailure([
      "fatal: Authentication failed for 'https://me:hunter2@git.example.org/a.git/'",
    ]);
    expect(failure?.message).toContain('https://git.example.org/a.git/');
    expect(failure?.message).not.toContain('hunter2');
  });
});
