import { describe, expect, it } from '@jest/globals';
import { describeUnexpectedEnd } from './exit-reason.js';

describe('an end that nobody asked for', () => {
  it.each([
    [{ exitCode: 3, exitSignal: null }, 'It ended with exit code 3.'],
    [{ exitCode: 127, exitSignal: null }, 'It ended with exit code 127: a command was not found.'],
    [
      { exitCode: 0, exitSignal: null },
      'The script came to its end, though its application should go on running.',
    ],
    [{ exitCode: null, exitSignal: 'SIGSEGV' }, 'It was ended from outside by SIGSEGV.'],
    [
      { exitCode: null, exitSignal: 'SIGKILL' },
      'It was ended from outside by SIGKILL; often the machine ran out of memory.',
    ],
    [{ exitCode: null, exitSignal: null }, 'It ended, and nothing is known about how.'],
  ])('%j', (ending, sentence) => expect(describeUnexpectedEnd(ending)).toBe(sentence));
});
