import { describe, expect, it } from '@jest/globals';
import { LogScreen } from './log-screen.js';
import { PLAIN, inkOn } from './sgr.js';

const ESC = '\u001b';

function texts(screen: LogScreen): string[] {
  const result: string[] = [];
  for (let id = screen.firstId; id < screen.endId; id += 1) result.push(screen.line(id)!.text);
  return result;
}

function drawn(...chunks: string[]): LogScreen {
  const screen = new LogScreen();
  for (const chunk of chunks) screen.feed(chunk);
  return screen;
}

function spans(screen: LogScreen, id = 0): [string, Record<string, unknown>][] {
  return screen.line(id)!.spans.map(({ text, style }) => {
    const changed = Object.entries(style).filter(
      ([key, value]) => value !== PLAIN[key as keyof typeof PLAIN],
    );
    return [text, Object.fromEntries(changed)];
  });
}

describe('lines', () => {
  it('shows whole and open lines, but not the empty one behind a final newline', () => {
    expect(texts(drawn('one\ntwo\n'))).toEqual(['one', 'two']);
    expect(texts(drawn('one\n\ntw', 'o'))).toEqual(['one', '', 'two']);
    expect(texts(drawn(''))).toEqual([]);
  });

  it('takes CR LF as a newline', () => {
    expect(texts(drawn('one\r\ntwo\r\n'))).toEqual(['one', 'two']);
  });

  it('writes over the line after a carriage return, as progress bars do', () => {
    expect(texts(drawn('10 %\r20 %\r100 %\n'))).toEqual(['100 %']);
    expect(texts(drawn('abcdef\rXY'))).toEqual(['XYcdef']);
    expect(texts(drawn(`abcdef\rXY${ESC}[K`))).toEqual(['XY']);
  });

  it('keeps the colours of what is not written over', () => {
    const screen = drawn(`${ESC}[31mabcdef${ESC}[0m\rXY`);
    expect(spans(screen)).toEqual([
      ['XY', {}],
      ['cdef', { foreground: 1 }],
    ]);
  });

  it('moves with tabs, backspaces and column jumps', () => {
    expect(texts(drawn('a\tb'))).toEqual(['a       b']);
    expect(texts(drawn('abc\b\bX'))).toEqual(['aXc']);
    expect(texts(drawn(`abc${ESC}[6Gx`))).toEqual(['abc  x']);
    expect(texts(drawn(`abcdef${ESC}[4DX`))).toEqual(['abXdef']);
  });

  it('redraws stacked progress bars with the cursor moved up', () => {
    const screen = drawn('first 0 %\nsecond 0 %\n', `${ESC}[2A${ESC}[2Kfirst 50 %\n${ESC}[2Ksecond 10 %\n`);
    expect(texts(screen)).toEqual(['first 50 %', 'second 10 %']);
  });

  it('breaks a line that never ends, without losing a character', () => {
    const screen = new LogScreen({ lines: 50, lineLength: 100 });
    screen.feed('x'.repeat(250));
    expect(texts(screen).map((text) => text.length)).toEqual([100, 100, 50]);
  });

  it('breaks a line of endless colours', () => {
    const screen = drawn(Array.from({ length: 5000 }, (_, index) => `${ESC}[3${index % 8}mx`).join(''));
    expect(texts(screen).join('').length).toBe(5000);
    expect(Math.max(...texts(screen).map((text) => text.length))).toBeLessThanOrEqual(401);
  });
});

describe('limits and ids', () => {
  it('forgets the oldest lines and keeps the ids of the others', () => {
    const screen = new LogScreen({ lines: 10, lineLength: 100 });
    for (let index = 0; index < 100; index += 1) screen.feed(`line ${index}\n`);
    expect(screen.endId).toBe(100);
    expect(screen.line(99)!.text).toBe('line 99');
    expect(screen.line(screen.firstId)!.text).toBe(`line ${screen.firstId}`);
    expect(screen.endId - screen.firstId).toBeLessThanOrEqual(10);
  });

  it('stays bounded within one huge piece', () => {
    const screen = new LogScreen({ lines: 100, lineLength: 100 });
    screen.feed('y\n'.repeat(200_000));
    expect(screen.endId).toBe(200_000);
    expect(screen.endId - screen.firstId).toBeLessThanOrEqual(100);
  });

  it('tells the lowest line that changed, once', () => {
    const screen = drawn('one\ntwo\nthr');
    expect(screen.takeDirty()).toBe(0);
    expect(screen.takeDirty()).toBeNull();
    screen.feed('ee\nfour');
    expect(screen.takeDirty()).toBe(2);
    screen.feed(`${ESC}[2A\rTWO`);
    expect(screen.takeDirty()).toBe(1);
    expect(texts(screen)).toEqual(['one', 'TWO', 'three', 'four']);
  });

  it('puts earlier lines in front with lower ids', () => {
    const screen = drawn('three\nfour');
    expect(screen.prepend('one\ntwo\n')).toBe(2);
    expect([screen.firstId, screen.endId]).toEqual([-2, 2]);
    screen.feed(' and more\nfive\n');
    expect(texts(screen)).toEqual(['one', 'two', 'three', 'four and more', 'five']);
  });

  it('clears what is shown and goes on', () => {
    const screen = drawn('one\ntwo\n');
    screen.clear();
    expect(texts(screen)).toEqual([]);
    screen.feed('three\n');
    expect(texts(screen)).toEqual(['three']);
  });
});

describe('marks', () => {
  it('stand on a line of their own and end colours and unfinished sequences', () => {
    const screen = drawn(`${ESC}[31mred`, `${ESC}]0;unfinished`);
    screen.mark('Run 2 started');
    screen.feed('plain\n');
    expect(texts(screen)).toEqual(['red', 'Run 2 started', 'plain']);
    expect(screen.line(1)!.kind).toBe('mark');
    expect(spans(screen, 2)).toEqual([['plain', {}]]);
  });

  it('cannot be written over by the next run', () => {
    const screen = drawn('old\n');
    screen.mark('Run 2 started');
    screen.feed(`${ESC}[9A\rX`);
    expect(texts(screen)).toEqual(['old', 'Run 2 started', 'X']);
  });
});

describe('colours', () => {
  it('that a program chose as a ground get the ink that is read on them', () => {
    expect(['#ffffff', '#ffd700', '#000080', '#5f0000'].map(inkOn)).toEqual([
      '#000000',
      '#000000',
      '#ffffff',
      '#ffffff',
    ]);
  });

  it('knows the named, bright, palette and true colours', () => {
    const screen = drawn(
      `${ESC}[31;1mA${ESC}[92mB${ESC}[38;5;141mC${ESC}[48;2;1;2;255mD${ESC}[38:2::9:8:7mE${ESC}[mF`,
    );
    expect(spans(screen)).toEqual([
      ['A', { foreground: 1, isBold: true }],
      ['B', { foreground: 10, isBold: true }],
      ['C', { foreground: 141, isBold: true }],
      ['D', { foreground: 141, background: '#0102ff', isBold: true }],
      ['E', { foreground: '#090807', background: '#0102ff', isBold: true }],
      ['F', {}],
    ]);
  });

  it('knows the attributes and their ends', () => {
    const screen = drawn(`${ESC}[2;3;4;7;9mA${ESC}[22;23;24;27;29mB`);
    expect(spans(screen)).toEqual([
      ['A', { isDim: true, isItalic: true, isUnderlined: true, isInverse: true, isStruck: true }],
      ['B', {}],
    ]);
  });

  it('passes over nonsense', () => {
    const screen = drawn(`${ESC}[38;5;999mA${ESC}[38;2;300;0;0mB${ESC}[?25lC${ESC}[>4;2mD${ESC}[1234567mE`);
    expect(spans(screen)).toEqual([['ABCDE', {}]]);
  });
});

describe('hostile and torn sequences', () => {
  it('are read the same however the stream is cut', () => {
    const stream = `a${ESC}[1;38;2;1;2;3mb${ESC}]8;;http://x${ESC}\\link${ESC}]8;;\u0007c\r\nd${ESC}(Be${ESC}[0mf`;
    const whole = drawn(stream);
    const torn = drawn(...Array.from(stream));
    expect(texts(torn)).toEqual(texts(whole));
    expect(spans(torn)).toEqual(spans(whole));
    expect(texts(whole)).toEqual(['ablinkc', 'def']);
  });

  it('swallows titles, links and device strings', () => {
    expect(texts(drawn(`x${ESC}]0;rm -rf\u0007y${ESC}P1$q${ESC}\\z${ESC}_apc${ESC}\\!`))).toEqual(['xyz!']);
  });

  it('does not let an unfinished string swallow the rest of the log', () => {
    expect(texts(drawn(`${ESC}]0;never ended\nnext line\n`))).toEqual(['', 'next line']);
    expect(texts(drawn(`${ESC}]0;${'x'.repeat(9000)}visible\n`))[0]).toMatch(/visible$/);
  });

  it('drops control characters, also those of the second table', () => {
    expect(texts(drawn('a\u0000b\u007fc\u009bd\u0085e'))).toEqual(['abcde']);
  });

  it('moves and fills within bounds whatever is asked for', () => {
    const screen = drawn(`${ESC}[999999999Gx${ESC}[999999999A${ESC}[999999999B${ESC}[999999999Cy`);
    expect(screen.endId).toBeLessThanOrEqual(3);
    expect(Math.max(...texts(screen).map((text) => text.length))).toBeLessThanOrEqual(8001);
  });
});
