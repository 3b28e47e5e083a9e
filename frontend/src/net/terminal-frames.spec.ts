import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AckCounter } from './ack-counter.js';
import { isTerminalSize, parseTerminalFrame } from './terminal-frames.js';

const parse = (frame: unknown) => parseTerminalFrame(JSON.stringify(frame));

describe('frames of a terminal', () => {
  it('are read', () => {
    expect(parse({ type: 'session', id: 'a1', replay_bytes: 70 })).toEqual({
      type: 'session',
      id: 'a1',
      replayBytes: 70,
    });
    expect(parse({ type: 'resized', cols: 80, rows: 24 })).toEqual({ type: 'resized', cols: 80, rows: 24 });
    expect(parse({ type: 'exit', code: 3, signal: null, message: 'Over.' })).toEqual({
      type: 'exit',
      code: 3,
      signal: null,
      message: 'Over.',
    });
    expect(parse({ type: 'note', message: 'Plain.' })).toEqual({ type: 'note', message: 'Plain.' });
    expect(parse({ type: 'error', code: 'X', message: 'Too many.' })).toMatchObject({ message: 'Too many.' });
  });

  it.each([
    'x',
    '[]',
    'null',
    '{"type":"session"}',
    '{"type":"session","id":7}',
    '{"type":"resized","cols":0,"rows":24}',
    '{"type":"resized","cols":1e9,"rows":24}',
    '{"type":"resized","cols":80.5,"rows":24}',
    '{"type":"note","message":{}}',
    '{"type":"toString"}',
  ])('%s is none', (text) => {
    expect(parseTerminalFrame(text)).toBeNull();
  });

  it('of any other kind do no harm', () => {
    fc.assert(fc.property(fc.json(), (text) => parseTerminalFrame(text) === null));
  });

  it('count no replay when its size makes no sense', () => {
    expect(parse({ type: 'session', id: 'a', replay_bytes: -5 })).toMatchObject({ replayBytes: 0 });
  });

  it('a hidden pane has no size', () => {
    expect(isTerminalSize({ cols: 80, rows: 24 })).toBe(true);
    for (const cols of [0, 1, Number.NaN, Infinity, 1001, 80.5]) {
      expect(isTerminalSize({ cols, rows: 24 })).toBe(false);
    }
  });
});

describe('acknowledgements', () => {
  it('are cumulative, due after 16 KiB, and said once', () => {
    const acks = new AckCounter();
    expect(acks.due()).toBeNull();
    expect(acks.take(10_000)).toBe(false);
    expect(acks.take(10_000)).toBe(true);
    expect(acks.due()).toBe(20_000);
    expect(acks.due()).toBeNull();
    expect(acks.take(1)).toBe(false);
    expect(acks.due()).toBe(20_001);
  });
});
