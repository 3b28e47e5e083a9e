import { describe, expect, it } from '@jest/globals';
import type { LogAppended } from '../../../../src/contracts/events.js';
import { LogScreen } from './screen/log-screen.js';
import { LogSource, PIECE_BYTES } from './log-source.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function piece(content: string, offset: number, more: Partial<LogAppended> = {}): LogAppended {
  return { id: 1, run: 1, offset, next_offset: offset + bytes(content), content, skipped_bytes: 0, ...more };
}

/** A source over stored logs, as the server would answer for them. */
function setUp(logs: Record<number, string> = {}, pinnedRun: number | null = null) {
  const screen = new LogScreen();
  const stored = (run: number): Uint8Array => new TextEncoder().encode(logs[run] ?? '');
  let subscriptions = 0;
  const host = {
    fetchLog: (offset: number, limit: number, run: number) => {
      const file = stored(run);
      const start = offset < 0 ? Math.max(0, file.length + offset) : offset;
      let end = Math.max(start, Math.min(file.length, start + limit));
      // Like the server's, cut at whole characters.
      while (((file[end] ?? 0) & 0xc0) === 0x80) end -= 1;
      const content = new TextDecoder().decode(file.subarray(start, end));
      return Promise.resolve({ content, offset: start, next_offset: end, size: file.length, run });
    },
    subscribe: () => (subscriptions += 1),
    onReady: () => undefined,
  };
  const source = new LogSource(screen, host, pinnedRun);
  const texts = (): string[] => {
    while (source.drain(1000));
    const result: string[] = [];
    for (let id = screen.firstId; id < screen.endId; id += 1) result.push(screen.line(id)!.text);
    return result;
  };
  /** The piece of a stored log that the server would send. */
  const sent = (run: number, from: number, to = stored(run).length): LogAppended => {
    const content = new TextDecoder().decode(stored(run).subarray(from, to));
    return { id: 1, run, offset: from, next_offset: to, content, skipped_bytes: 0 };
  };
  return { source, screen, texts, sent, subscribed: () => subscriptions };
}

/** Lets promises that are kept come to their ends. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const LINES = Array.from({ length: 9000 }, (_, index) => `line ${index} äöü ${'x'.repeat(index % 40)}`);
const LONG = `${LINES.join('\n')}\n`;

describe('the followed log', () => {
  it('is drawn in order and says where to go on', () => {
    const { source, texts } = setUp();
    expect(source.resumeOffset(1)).toBe(-PIECE_BYTES);
    source.accept(piece('one\ntw', 0));
    source.accept(piece('o\n', 6));
    expect(texts()).toEqual(['one', 'two']);
    expect(source.resumeOffset(1)).toBe(8);
  });

  it('has each byte once when pieces overlap after a reconnect', () => {
    const { source, texts } = setUp();
    source.accept(piece('größe\n', 0));
    source.accept(piece('ße\nnext\n', 4));
    expect(texts()).toEqual(['größe', 'next']);
    source.accept(piece('next\n', 8));
    source.accept(piece('größe\n', 0));
    expect(texts()).toEqual(['größe', 'next']);
    expect(source.resumeOffset(1)).toBe(13);
  });

  it('begins anew behind what the server left out, and finds the way back into it', async () => {
    const { source, texts, sent } = setUp({ 1: LONG });
    source.accept(sent(1, 0, 3000));
    source.accept(sent(1, 200_000, 201_000));
    expect(texts()[0]).toMatch(/^line \d+ äöü x*$/);
    source.setReading(true);
    while (source.hasOlder) await source.loadOlder();
    expect(texts().slice(0, -1)).toEqual(LINES.slice(0, texts().length - 1));
  });

  it('draws a line between runs, with all that the first one said', async () => {
    const { source, texts, sent } = setUp({ 2: 'first run\nopen and its last words\n', 3: 'second run\n' });
    source.accept(sent(2, 0, 14));
    source.accept(sent(3, 0));
    await settled();
    expect(texts()).toEqual(['first run', 'open and its last words', 'Run 3 started', 'second run']);
    expect(source.run).toBe(3);
    expect(source.resumeOffset(3)).toBe(11);
    expect(source.resumeOffset(4)).toBe(-PIECE_BYTES);
  });

  it('leaves the line in which the end of the file begins to the way back', async () => {
    const file = 'zero\none\ntwo\nthree\n';
    const { source, texts, sent } = setUp({ 4: file });
    source.accept(sent(4, 11));
    expect(texts()).toEqual(['three']);
    expect(source.hasOlder).toBe(true);
    await expect(source.loadOlder()).resolves.toBe(3);
    expect(texts()).toEqual(['zero', 'one', 'two', 'three']);
    expect(source.hasOlder).toBe(false);
  });

  it('begins the way back at the present end after the view was cleared', () => {
    const { source, screen } = setUp();
    source.accept(piece('one\n', 0));
    source.drain(1000);
    expect(source.hasOlder).toBe(false);
    screen.clear();
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
    expect(shown.length).toBeLessThanOrEqual(5001);
    expect(source.resumeOffset(1)).toBe(offset);
  });
});

describe('a reader', () => {
  it('walks through a long log in both directions, without a line lost or doubled, in bounded memory', async () => {
    const file = Array.from({ length: 90_000 }, (_, index) => `line ${index}`).join('\n') + '\n';
    const { source, screen, sent } = setUp({ 1: file });
    source.accept(sent(1, bytes(file) - 5000));
    while (source.drain(1000));
    source.setReading(true);
    const numbers = (): number[] => {
      const found: number[] = [];
      for (let id = screen.firstId; id < screen.endId; id += 1)
        found.push(Number(screen.line(id)!.text.slice(5)));
      return found;
    };
    const expectUnbroken = (): void => {
      // The last one may be open.
      const found = numbers().slice(0, -1);
      expect(found).toEqual(found.map((_, index) => (found[0] ?? 0) + index));
      expect(found.length).toBeLessThanOrEqual(30_000);
    };
    while (source.hasOlder) {
      await source.loadOlder();
      expectUnbroken();
    }
    expect(numbers()[0]).toBe(0);
    expect(source.isAttached).toBe(false);
    while (!source.isAttached) {
      await source.loadNewer();
      expectUnbroken();
    }
    source.accept(sent(1, source.resumeOffset(1)));
    while (source.drain(1000));
    expectUnbroken();
    expect(numbers().at(-1)).toBe(89_999);
  });

  it('keeps what is read while a flood goes on, and goes on from there', async () => {
    const { source, screen, texts, sent, subscribed } = setUp({ 1: LONG });
    source.accept(sent(1, 0, 3000));
    source.setReading(true);
    const before = texts();
    source.accept(sent(1, 100_000, 200_000));
    expect(texts()).toEqual(before);
    expect(source.isAttached).toBe(false);
    expect(source.missedLines).toBeGreaterThan(1000);
    expect(source.hasNewer).toBe(true);
    while (!source.isAttached) await source.loadNewer();
    const read = texts();
    expect([source.isAttached, subscribed()]).toEqual([true, 1]);
    // Still on its way from before the subscription.
    source.accept(sent(1, 200_000, 200_100));
    expect(texts()).toEqual(read);
    source.accept(sent(1, source.resumeOffset(1)));
    expect(texts()).toEqual(LINES);
    expect(screen.firstPlace).toEqual({ run: 1, offset: 0 });
  });

  it('is brought to any place, and from there to both ends', async () => {
    const { source, screen, texts } = setUp({ 1: LONG }, 1);
    const offset = bytes(`${LINES.slice(0, 5000).join('\n')}\n`);
    await source.openAt({ run: 1, offset });
    const id = screen.idAt({ run: 1, offset });
    expect(screen.line(id ?? 0)!.text).toBe(LINES[5000]);
    expect(screen.idAt({ run: 2, offset })).toBeNull();
    while (source.hasOlder) await source.loadOlder();
    while (source.hasNewer) await source.loadNewer();
    expect(texts()).toEqual(LINES);
    expect(source.isAttached).toBe(false);
  });

  it('goes from one run into the next', async () => {
    const { source, texts, sent } = setUp({ 1: 'one\n', 2: 'two\n' });
    source.accept(sent(2, 0));
    await source.openAt({ run: 1, offset: 0 });
    await source.loadNewer();
    await source.loadNewer();
    source.accept(sent(2, 0));
    expect(texts()).toEqual(['one', 'Run 2 started', 'two']);
  });
});
