import { describe, expect, it } from '@jest/globals';
import type { Blueprint } from '../../../src/contracts/blueprint.js';
import { groupBlueprints, searchBlueprints, wishesOf } from './blueprint.js';
import { formatEnvLines, parseEnvLines } from './env-lines.js';
import { formatGpuIds, gpuLabel, parseGpuIds } from './gpu.js';
import { freeName, nameProblem, takenNames } from './name-rule.js';
import { countStatuses, describeCounts, describeExit, pageTitle, storyOf, tellingReason } from './status.js';

describe('nameProblem', () => {
  const taken = takenNames(['Comfy main']);

  it.each(['a', 'Comfy main 2', 'a.b-c_d', '9', 'x'.repeat(64)])('accepts %p', (name) => {
    expect(nameProblem(name, taken)).toBeNull();
  });

  it.each([
    ['', /name/],
    ['x'.repeat(65), /At most 64/],
    ['a/b', /“\/” is not allowed/],
    ['naïve', /“ï” is not allowed/],
    ['a\tb', /U\+0009 is not allowed/],
    ['a\u202eb', /^The character U\+202E is not allowed/],
    [' a', /must not begin/],
    ['-a', /must not begin/],
    ['a.', /must not end/],
    ['a ', /must not end/],
    ['COMFY MAIN', /already/],
  ])('refuses %p', (name, sentence) => {
    expect(nameProblem(name, taken)).toMatch(sentence);
  });
});

describe('freeName', () => {
  it('adds the first free number, whatever the case', () => {
    expect(freeName('Demo', takenNames([]))).toBe('Demo');
    expect(freeName('Demo', takenNames(['demo', 'Demo 2']))).toBe('Demo 3');
  });

  it.each(['…', '', 'A/B: (test)', 'x'.repeat(80), '--.', 'x'.repeat(63) + ' y'])(
    'makes a valid name of %p',
    (wanted) => {
      const first = freeName(wanted, takenNames([]));
      expect(nameProblem(first, takenNames([]))).toBeNull();
      expect(nameProblem(freeName(wanted, takenNames([first])), takenNames([first]))).toBeNull();
    },
  );
});

describe('GPU choices', () => {
  it.each([
    [null, { kind: 'all' }, 'all'],
    ['', { kind: 'none' }, 'CPU'],
    ['1,0', { kind: 'chosen', indices: [1, 0] }, '1, 0'],
    ['0,1,2,3,6,5', { kind: 'chosen', indices: [0, 1, 2, 3, 6, 5] }, '0–3, 6, 5'],
  ] as const)('reads and writes %p', (wire, choice, label) => {
    expect(parseGpuIds(wire)).toEqual(choice);
    expect(formatGpuIds(parseGpuIds(wire))).toBe(wire);
    expect(gpuLabel(wire)).toBe(label);
  });
});

describe('environment lines', () => {
  it('reads what it writes, with any value', () => {
    const env = { A: '1', PATH_2: ' a = b ', EMPTY: '' };
    expect(parseEnvLines(formatEnvLines(env))).toEqual({ ok: true, env });
  });

  it('passes over empty lines and remarks, and takes Windows line ends', () => {
    expect(parseEnvLines('\n# remark\r\nA=1\r\n')).toEqual({ ok: true, env: { A: '1' } });
  });

  it('is not tricked by names of the language', () => {
    const parsed = parseEnvLines('__proto__=x\nconstructor=y');
    expect(parsed.ok && Object.entries(parsed.env)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['A', 'Line 1: “A” has no “=”; write KEY=VALUE.'],
    ['A=1\n2B=x', 'Line 2: “2B” is not a name of a variable.'],
    ['A=1\nA=2', 'Line 2: A is set twice.'],
  ])('says what is wrong with %p', (text, problem) => {
    expect(parseEnvLines(text)).toEqual({ ok: false, problem });
  });
});

describe('counts', () => {
  const counts = countStatuses(
    (['started', 'started', 'starting', 'stopping', 'queued', 'stalled', 'error', 'stopped'] as const).map(
      (status) => ({ status }),
    ),
  );

  it('are told in one line', () => {
    expect(describeCounts(counts)).toBe('2 running · 3 on the way · 1 stalled · 1 failed');
    expect(describeCounts(countStatuses([]))).toBe('none yet');
    expect(describeCounts(countStatuses([{ status: 'stopped' }]))).toBe('1 stopped');
  });

  it('reach the title, the worst first', () => {
    expect(pageTitle(counts, true)).toBe('(1 failed) AiKore');
    expect(pageTitle(counts, false)).toBe('(connection lost) AiKore');
    expect(pageTitle(countStatuses([{ status: 'started' }]), true)).toBe('AiKore');
  });
});

describe('describeExit', () => {
  it('names the signal before the code', () => {
    expect(describeExit({ exit_code: 137, exit_signal: 'SIGKILL' })).toBe('signal SIGKILL');
    expect(describeExit({ exit_code: 0, exit_signal: null })).toBe('exit code 0');
    expect(describeExit({ exit_code: null, exit_signal: null })).toBeNull();
  });
});

describe('tellingReason', () => {
  it.each([
    ['stopped', 'Stopped.', ''],
    ['stopped', 'It was not started yet.', 'It was not started yet.'],
    ['starting', 'It is being started.', ''],
    ['started', 'It is ready.', ''],
    ['error', 'It ended with exit code 3.', 'It ended with exit code 3.'],
  ] as const)('of %s, %s', (status, status_reason, told) => {
    expect(tellingReason({ status, status_reason })).toBe(told);
  });
});

describe('searchBlueprints', () => {
  const blueprint = (name: string, description: string) =>
    ({ filename: `${name}.sh`, name, description, category: '' }) as Blueprint;
  const all = [
    blueprint('Kohya', 'Deeper models by training'),
    blueprint('My Demos', ''),
    blueprint('Demo', 'A page'),
  ];

  it.each([
    ['demo', ['Demo', 'My Demos']],
    ['training models', ['Kohya']],
    ['ky', ['Kohya']],
    ['xyz', []],
  ])('%p', (query, names) => {
    expect(searchBlueprints(all, query).map(({ name }) => name)).toEqual(names);
  });
});

describe('groupBlueprints', () => {
  it('puts the user’s own first and the nameless category last', () => {
    const blueprint = (filename: string, category: string, origin: Blueprint['origin'] = 'stock') =>
      ({ filename, category, origin, name: '' }) as Blueprint;
    const groups = groupBlueprints([
      blueprint('z.sh', ''),
      blueprint('t.sh', 'Training'),
      blueprint('i.sh', 'Images'),
      blueprint('mine.sh', 'Images', 'custom'),
    ]);
    expect(groups.map(({ title, blueprints }) => [title, blueprints.length])).toEqual([
      ['Your own', 1],
      ['Images', 1],
      ['Training', 1],
      ['Other', 1],
    ]);
  });
});

describe('wishesOf', () => {
  it('tells which way and whether a desktop a blueprint asks for', () => {
    expect(wishesOf({ proxy_mode: 'port', desktop: true })).toEqual({
      access_mode: 'port',
      persistent_mode: true,
    });
    for (const mode of ['strip', 'keep'] as const)
      expect(wishesOf({ proxy_mode: mode, desktop: false })).toEqual({
        access_mode: 'path',
        persistent_mode: false,
      });
  });
});

describe('storyOf', () => {
  const nothing: Parameters<typeof storyOf>[0] = {
    status: 'error',
    status_reason: 'It ended with exit code 1.',
    phase: null,
    failure: null,
    evidence: [],
    exit_code: 1,
    exit_signal: null,
    next_restart_at: null,
  };
  const outOfMemory = {
    code: 'cuda_out_of_memory',
    message: 'The memory of the GPU ran out (it asked for 2.00 GiB more). Choose another GPU.',
    remedies: [],
  };

  it('begins with a known reason, and leaves what helps to its button', () => {
    const evidence = ['torch.OutOfMemoryError: CUDA out of memory'];
    expect(storyOf({ ...nothing, failure: outOfMemory, evidence }, 0)).toBe(
      'The memory of the GPU ran out (it asked for 2.00 GiB more) · It ended with exit code 1.',
    );
  });

  it('ends with the last words where the reason is not known', () => {
    const evidence = ['Traceback', 'KeyError: 3', ' '];
    expect(storyOf({ ...nothing, evidence }, 0)).toBe('It ended with exit code 1 · KeyError: 3');
  });

  it('says when it starts again, and the phase of a start', () => {
    const next_restart_at = new Date(3000).toISOString();
    expect(storyOf({ ...nothing, next_restart_at }, 0)).toContain('starts again in 3 s');
    expect(storyOf({ ...nothing, next_restart_at }, 5000)).toContain('starts again now');
    expect(storyOf({ ...nothing, status: 'starting', phase: 'Installing torch' }, 0)).toBe(
      'Installing torch',
    );
  });
});
