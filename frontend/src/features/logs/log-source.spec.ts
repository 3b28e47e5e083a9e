import { describe, expect, it } from '@jest/globals';
import type { LogAppended } from '../../../../src/contracts/events.js';
import { LogScreen } from './log-screen.js';
import { LogSource, PIECE_BYTES } from './log-source.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function piece(content: string, offset: number, more: Partial<LogAppended> = {}): LogAppended {
  return { id: 1, run: 1, offset, next_offset: offset + bytes(content), content, skipped_bytes: 0, ...more };
}

/** A source over a stored file, as the server would answer for it. */
function setUp(file = '') {
  const screen = new LogScreen();
  screen.setLineLimit(10_000);
  const stored = new TextEncoder().encode(file);
  const asked: number[] = [];
  const source = new LogSource(screen, (offset, limit, run) => {
    asked.push(run);
    const end = Math.min(stored.length, offset + limit);
    const content = new TextDecoder().decode(stored.subarray(offset, end));
    return Promise.resolve({ content, offset, next_offset: end, size: stored.length, run });
  });
  const texts = (): string[] => {
    while (source.drain(1000));
    const result: string[] = [];
    for (let id = screen.firstId; id < screen.endId; id += 1) result.push(screen.line(id)!.text);
    return result;
  };
  return { source, texts, asked };
}

describe('LogSource', () => {
  it('draws pieces in order and knows where to go on', () => {
    const { source, texts } = setUp();
    expect(source.resumeOffset(1)).toBe(-PIECE_BYTES);
    source.accept(piece('one\ntw', 0));
    source.accept(piece('o\n', 6));
    expect(texts()).toEqual(['one', 'two']);
    expect(source.resumeOffset(1)).toBe(8);
  });

  it('draws each byte once when pieces overlap after a reconnect', () => {
    const { source, texts } = setUp();
    source.accept(piece('größe\n', 0));
    source.accept(piece('ße\nnext\n', 4));
    expect(texts()).toEqual(['größe', 'next']);
    source.accept(piece('next\n', 8));
    expect(texts()).toEqual(['größe', 'next']);
  });

  it('says what is missing', () => {
    const { source, texts } = setUp();
    source.accept(piece('one\n', 0));
    source.accept(piece('two\n', 2052, { skipped_bytes: 2048 }));
    expect(texts()).toEqual(['one', '2.0 KB not shown here; the download has them', 'two']);
  });

  it('draws a line between runs, whose offsets begin anew', () => {
    const { source, texts } = setUp();
    source.accept(piece('first run\nopen', 0, { run: 2 }));
    source.accept(piece('second run\n', 0, { run: 3 }));
    expect(texts()).toEqual(['first run', 'open', 'Run 3 started', 'second run']);
    expect(source.run).toBe(3);
    expect(source.resumeOffset(3)).toBe(11);
    expect(source.resumeOffset(4)).toBe(-PIECE_BYTES);
  });

  it('leaves the line in which the end of the file begins to the way back', async () => {
    const file = 'zero\none\ntwo\nthree\n';
    const { source, texts, asked } = setUp(file);
    source.accept(piece(file.slice(11), 11, { run: 4 }));
    expect(texts()).toEqual(['three']);
    expect(source.hasOlder).toBe(true);
    await expect(source.loadOlder()).resolves.toBe(3);
    expect(texts()).toEqual(['zero', 'one', 'two', 'three']);
    expect(asked).toEqual([4]);
    expect(source.hasOlder).toBe(false);
  });

  it('walks back through a long file without losing or doubling a line', async () => {
    const lines = Array.from({ length: 9000 }, (_, index) => `line ${index} äöü ${'x'.repeat(index % 40)}`);
    const file = lines.join('\n') + '\n';
    const { source, texts } = setUp(file);
    const total = bytes(file);
    const tail = new TextDecoder().decode(new TextEncoder().encode(file).subarray(total - 5000));
    source.accept({ ...piece('', 0), offset: total - 5000, next_offset: total, content: tail });
    while (source.hasOlder) await source.loadOlder();
    expect(texts()).toEqual(lines);
  });

  it('begins the way back at the present end after the view was cleared', () => {
    const { source } = setUp();
    source.accept(piece('one\n', 0));
    expect(source.hasOlder).toBe(false);
    source.forgetOlder();
    expect(source.hasOlder).toBe(true);
  });

  it('keeps a bounded amount of what a sleeping page was sent', () => {
    const { source, texts } = setUp();
    let offset = 0;
    for (let index = 0; index < 300; index += 1) {
      const content = `${String(index).padStart(5)} ${'x'.repeat(59)}\n`.repeat(1000);
      source.accept(piece(content, offset));
      offset += content.length;
    }
    const shown = texts();
    expect(shown.at(-1)).toMatch(/^ {2}299 x/);
    expect(shown.length).toBeLessThanOrEqual(10_001);
    expect(source.resumeOffset(1)).toBe(offset);
  });
});
