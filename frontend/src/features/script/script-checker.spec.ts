import { describe, expect, it, jest } from '@jest/globals';
import { ScriptChecker } from './script-checker.js';

const settled = () => new Promise((resolve) => setTimeout(resolve, 15));

describe('checking a script', () => {
  it('checks what stands there when the typing rests', async () => {
    const check = jest.fn((text: string) => Promise.resolve([text]));
    const checker = new ScriptChecker(check, 2);
    checker.request(() => 'first');
    checker.request(() => 'second');
    await settled();
    expect(check).toHaveBeenCalledTimes(1);
    expect(checker.state.value).toEqual({ kind: 'done', findings: ['second'] });
  });

  it('calls the check of an older text off and never shows its answer', async () => {
    const signals: AbortSignal[] = [];
    let answerFirst: (findings: string[]) => void = () => undefined;
    const checker = new ScriptChecker((text: string, signal) => {
      signals.push(signal);
      if (text === 'old') return new Promise<string[]>((resolve) => (answerFirst = resolve));
      return Promise.resolve([text]);
    }, 1);
    checker.request(() => 'old');
    await settled();
    checker.request(() => 'new');
    await settled();
    answerFirst(['late']);
    await settled();
    expect(signals[0]!.aborted).toBe(true);
    expect(checker.state.value).toEqual({ kind: 'done', findings: ['new'] });
  });

  it('says when a check failed, and asks nothing after its end', async () => {
    const check = jest.fn(() => Promise.reject(new Error('no')));
    const checker = new ScriptChecker(check, 1);
    checker.request(() => '');
    await settled();
    expect(checker.state.value.kind).toBe('failed');
    checker.request(() => '');
    checker.dispose();
    await settled();
    expect(check).toHaveBeenCalledTimes(1);
  });
});
