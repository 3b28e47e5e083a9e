import { describe, expect, it } from '@jest/globals';
import { SequenceGate, reconnectDelayMs, silenceLimitMs } from './sequence.js';

describe('SequenceGate', () => {
  it('lets events pass that count on from the snapshot', () => {
    const gate = new SequenceGate();
    expect(gate.accept({ type: 'snapshot', seq: 41 })).toBe('apply');
    expect(gate.accept({ type: 'instance.state', seq: 42 })).toBe('apply');
    expect(gate.accept({ type: 'system.stats', seq: 43 })).toBe('apply');
  });

  it('notices a lost, a doubled and an early event', () => {
    const gate = new SequenceGate();
    expect(gate.accept({ type: 'system.stats', seq: 1 })).toBe('gap');
    gate.accept({ type: 'snapshot', seq: 5 });
    expect(gate.accept({ type: 'notice', seq: 7 })).toBe('gap');
    gate.accept({ type: 'snapshot', seq: 9 });
    expect(gate.accept({ type: 'notice', seq: 9 })).toBe('gap');
  });

  it('lets pieces of logs repeat the number of the event before them', () => {
    const gate = new SequenceGate();
    gate.accept({ type: 'snapshot', seq: 5 });
    expect(gate.accept({ type: 'log.appended', seq: 5 })).toBe('apply');
    expect(gate.accept({ type: 'log.appended', seq: 5 })).toBe('apply');
    expect(gate.accept({ type: 'instance.updated', seq: 6 })).toBe('apply');
    expect(gate.accept({ type: 'log.appended', seq: 8 })).toBe('gap');
  });
});

describe('reconnectDelayMs', () => {
  it('grows with each failure up to ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((failures) => reconnectDelayMs(failures, 1))).toEqual([
      400, 800, 1600, 3200, 6400, 10_000, 10_000,
    ]);
  });

  it('is spread so that not all browsers come at once', () => {
    expect(reconnectDelayMs(3, 0)).toBe(960);
  });
});

describe('silenceLimitMs', () => {
  it('follows the rhythm of the figures, and is long while that is unknown', () => {
    expect(silenceLimitMs(null)).toBe(60_000);
    expect(silenceLimitMs(2_000)).toBe(20_000);
    expect(silenceLimitMs(10_000)).toBe(60_000);
  });
});
