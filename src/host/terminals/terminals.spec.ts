import { describe, expect, it } from '@jest/globals';
import { currentBootId, startTicksOf } from '../processes/process-identity.js';
import { hostLives, parseTerminalFacts } from './terminal-facts.js';
import type { TerminalFacts } from './terminal-facts.js';
import { FrameReader, hostFrames, piecesOf } from './terminal-frames.js';

describe('frames', () => {
  const output = (text: string) => {
    const frame = hostFrames.input(Buffer.from(text));
    frame.write('O', 0);
    return frame;
  };
  const resized = hostFrames.resize({ cols: 100, rows: 30 });

  it('are found however they are cut', () => {
    const bytes = Buffer.concat([output('one'), resized, output(''), output('two')]);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const reader = new FrameReader();
      const frames = [bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((part) => [...reader.read(part)]);
      expect(frames.map(({ type }) => type)).toEqual(['output', 'resized', 'output', 'output']);
      expect(frames[1]).toEqual({ type: 'resized', cols: 100, rows: 30 });
    }
  });

  it('of no terminal are refused', () => {
    expect(() => [...new FrameReader().read(Buffer.from('Q\0\0\0\0'))]).toThrow('unknown type');
    expect(() => [...new FrameReader().read(Buffer.from('HTTP/1.1 400 Bad Request'))]).toThrow('too long');
    expect(() => [...new FrameReader().read(Buffer.from('Z\0\0\0\0'))]).toThrow();
  });

  it('of input hold what a host takes', () => {
    const bytes = Buffer.alloc(100_000, 'x');
    const pieces = [...piecesOf(bytes)];
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(32 * 1024);
  });
});

describe('what a host writes down', () => {
  const text =
    'version=1\nstate=running\nid=abc\nowner=machine\nmarker=m\nboot_id=b\nhost_pid=7\nhost_start=8\npid=9\n' +
    'start=10\nstarted_ms=1700000000000\nexit_code=\nexit_signal=\n';

  it('is read, from a file as from the socket', () => {
    const facts = parseTerminalFacts(text);
    expect(facts).toMatchObject({ state: 'running', id: 'abc', hostPid: 7, pid: 9, exitCode: null });
    expect(parseTerminalFacts(text.replaceAll('\n', ' '))).toEqual(facts);
    expect(parseTerminalFacts(text.replace('exit_signal=', 'exit_signal=9'))?.exitSignal).toBe('SIGKILL');
  });

  it.each([
    ['another version', text.replace('version=1', 'version=2')],
    ['no state', text.replace('running', 'x')],
    ['no time', text.replace('1700000000000', '99999999999999999')],
    ['nothing', ''],
  ])('is nothing with %s', (_, record) => {
    expect(parseTerminalFacts(record)).toBeNull();
  });

  it('names a host only when that was started as one', () => {
    const facts = parseTerminalFacts(text) as TerminalFacts;
    const own = { ...facts, bootId: currentBootId(), hostPid: process.pid };
    // A living process of the right start time, but no terminal's host.
    expect(hostLives({ ...own, hostStartTicks: startTicksOf(process.pid) ?? '' })).toBe(false);
    expect(hostLives({ ...own, marker: '' })).toBe(false);
  });
});
