import { describe, expect, it } from '@jest/globals';
import { describeUnexpectedEnd, explainEnd } from './exit-reason.js';
import type { Ending } from './exit-reason.js';

const code = (exitCode: number): Ending => ({ exitCode, exitSignal: null });
const signal = (exitSignal: string): Ending => ({ exitCode: null, exitSignal });
const explain = (ending: Ending, ...tail: string[]) => explainEnd({ ending, note: '', tail });

const OOM = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
const MISSING = "ModuleNotFoundError: No module named 'torch'";

describe('an end that nobody asked for', () => {
  it.each<[Ending, string]>([
    [code(3), 'It ended with exit code 3.'],
    [code(126), 'It ended with exit code 126: a program could not be executed.'],
    [code(127), 'It ended with exit code 127: a command was not found.'],
    [code(130), 'It ended with exit code 130: a program of it was ended by SIGINT.'],
    [code(132), 'It ended with exit code 132: a program of it crashed with SIGILL (illegal instruction).'],
    [code(134), 'It ended with exit code 134: a program of it crashed with SIGABRT (aborted).'],
    [
      code(137),
      'It ended with exit code 137: a program of it was killed by SIGKILL, often because the machine ran out of memory.',
    ],
    [
      { ...code(137), oomKills: 0, oomSource: 'cgroup' },
      'It ended with exit code 137: a program of it was killed by SIGKILL.',
    ],
    [
      { ...code(137), oomKills: 1, oomSource: 'cgroup' },
      'It ended with exit code 137: a program of it was killed because the memory ran out.',
    ],
    [code(139), 'It ended with exit code 139: a program of it crashed with SIGSEGV (segmentation fault).'],
    [code(143), 'It ended with exit code 143: a program of it was ended by SIGTERM.'],
    [code(0), 'The script came to its end, though its application should go on running.'],
    [signal('SIGSEGV'), 'It crashed with SIGSEGV (segmentation fault).'],
    [signal('SIGTERM'), 'It was ended from outside by SIGTERM.'],
    [signal('SIGKILL'), 'It was ended from outside by SIGKILL; often the machine ran out of memory.'],
    [{ ...signal('SIGKILL'), oomKills: 0, oomSource: 'machine' }, 'It was ended from outside by SIGKILL.'],
    [{ ...signal('SIGKILL'), oomKills: 2, oomSource: 'cgroup' }, 'It was killed because the memory ran out.'],
    [
      { ...signal('SIGKILL'), oomKills: 1, oomSource: 'machine' },
      'It was probably killed because the memory ran out.',
    ],
    [{ exitCode: null, exitSignal: null }, 'It ended, and nothing is known about how.'],
  ])('%j', (ending, sentence) => expect(describeUnexpectedEnd(ending)).toBe(sentence));

  it('says what the runner has to add, instead of that nothing is known', () => {
    const note = 'AiKore was ended meanwhile.';
    expect(explainEnd({ ending: code(3), note, tail: [] }).reason).toBe(`It ended with exit code 3. ${note}`);
    const unknown = { exitCode: null, exitSignal: null };
    expect(explainEnd({ ending: unknown, note, tail: [MISSING] })).toEqual({ reason: note, failure: null });
  });
});

describe('the failure of an end', () => {
  it('is read from the log', () => {
    expect(explain(code(1), 'starting', MISSING).failure?.code).toBe('python_module_missing');
    expect(explain(code(3), 'looking for the model', 'giving up').failure).toBeNull();
  });

  it.each([signal('SIGTERM'), signal('SIGINT'), signal('SIGHUP'), code(143), code(130)])(
    'is nobody’s when somebody asked it to end: %j',
    (ending) => expect(explain(ending, MISSING).failure).toBeNull(),
  );

  it('of a kill is memory or nothing: there was no time to print a reason', () => {
    expect(explain(signal('SIGKILL'), OOM).failure).toBeNull();
    expect(explain(code(137), OOM, 'launch.sh: line 9: 4711 Killed      python app.py').failure?.code).toBe(
      'killed',
    );
    for (const ending of [signal('SIGKILL'), code(137)]) {
      expect(explain({ ...ending, oomKills: 1, oomSource: 'cgroup' }, OOM).failure?.code).toBe(
        'out_of_memory',
      );
      expect(explain({ ...ending, oomKills: 1, oomSource: 'machine' }).failure?.message).toContain(
        'probably',
      );
      expect(explain({ ...ending, oomKills: 0, oomSource: 'cgroup' }, 'Killed').failure).toBeNull();
    }
  });

  it('is memory when the kernel killed a part of it and the log knows no other reason', () => {
    const oom = { oomKills: 1, oomSource: 'cgroup' } as const;
    expect(explain({ ...code(1), ...oom }, 'a worker is gone').failure?.code).toBe('out_of_memory');
    expect(explain({ ...code(1), ...oom }, MISSING).failure?.code).toBe('python_module_missing');
    expect(explain({ ...code(1), oomKills: 1, oomSource: 'machine' }, 'a worker is gone').failure).toBeNull();
  });

  it.each([
    ['SIGSEGV', 139, 'crashed'],
    ['SIGILL', 132, 'illegal_instruction'],
    ['SIGBUS', 135, 'bus_error'],
    ['SIGABRT', 134, 'aborted'],
  ])('of %s is a crash, unless the log has its cause', (name, exitCode, expected) => {
    for (const ending of [signal(name), code(exitCode)]) {
      expect(explain(ending, 'loading').failure?.code).toBe(expected);
      expect(
        explain(ending, "terminate called after throwing an instance of 'std::bad_alloc'").failure?.code,
      ).toBe('out_of_memory');
    }
  });

  it('of a script that came to its end is only what it said last', () => {
    expect(explain(code(0), MISSING, 'done').failure?.code).toBe('python_module_missing');
    expect(explain(code(0), MISSING, 'one', 'two', 'three').failure).toBeNull();
  });
});
