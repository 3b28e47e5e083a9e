import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exitSentence } from './exit-sentence.js';
import { tamed, webAddress } from './hostile-text.js';
import { rowKeySequence, withModifiers } from './modifiers.js';
import { cleanPaste, pastePreview, pasteQuestion } from './pasting.js';
import { isScreenAnswer } from './screen-answers.js';
import { freeNumber, tabLabel } from './tab-labels.js';
import { terminalCommand } from './terminal-keys.js';

const NONE = { ctrl: false, alt: false };

describe('answers of a screen', () => {
  it.each(['\x1b[?1;2c', '\x1b[>0;276;0c', '\x1b[0n', '\x1b[12;40R', '\x1b[?2026;2$y', '\x1b[8;24;80t'])(
    '%j',
    (data) => {
      expect(isScreenAnswer(data)).toBe(true);
    },
  );

  it.each(['\x1b]11;rgb:1a1a/1a1a/2e2e\x1b\\', '\x1bP1$r0m\x1b\\'])('%j', (data) => {
    expect(isScreenAnswer(data)).toBe(true);
  });

  it.each([
    'a',
    '\r',
    '\x1b',
    '\x1b[A',
    '\x1bOP',
    '\x1b[3~',
    '\x1b]',
    '\x1bP',
    '\x03',
    '\x1b[200~c\x1b[201~',
  ])('%j is a key', (data) => {
    expect(isScreenAnswer(data)).toBe(false);
  });
});

describe('pasting', () => {
  it('sends line ends as the Return key does, and nothing that ends the bracket of a paste', () => {
    expect(cleanPaste('a\r\nb\nc\rd\te')).toBe('a\rb\rc\rd\te');
    expect(cleanPaste('x\x1b[201~rm -rf /\x00\x7f\x9b')).toBe('x[201~rm -rf /');
  });

  it('never leaves a control character but tab and return', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        return !/[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]/.test(cleanPaste(text));
      }),
    );
  });

  it('asks where lines would run, and before much', () => {
    expect(pasteQuestion('ls', false)).toBeNull();
    expect(pasteQuestion('ls\r', false)?.title).toBe('Paste and run this line?');
    expect(pasteQuestion('a\rb\r', false)?.title).toBe('Paste 2 lines?');
    expect(pasteQuestion('a\rb\r', true)).toBeNull();
    expect(pasteQuestion('x'.repeat(5001), true)?.text).toBe(
      'The clipboard holds 5,001 characters in 1 line.',
    );
  });

  it('shows how it begins', () => {
    expect(pastePreview('a\rb')).toBe('a\nb');
    expect(pastePreview('line\r'.repeat(50)).split('\n')).toHaveLength(8);
  });
});

describe('keys', () => {
  const key = (name: string, ...held: ('ctrl' | 'shift' | 'alt' | 'meta')[]) => ({
    key: name,
    ctrlKey: held.includes('ctrl'),
    shiftKey: held.includes('shift'),
    altKey: held.includes('alt'),
    metaKey: held.includes('meta'),
  });

  it('of ours are few', () => {
    expect(terminalCommand(key('C', 'ctrl', 'shift'))).toBe('copy');
    expect(terminalCommand(key('v', 'ctrl'))).toBe('paste');
    expect(terminalCommand(key('F', 'ctrl', 'shift'))).toBe('find');
    expect(terminalCommand(key('Escape', 'ctrl', 'shift'))).toBe('leave');
    expect(terminalCommand(key('=', 'ctrl'))).toBe('bigger');
    expect(terminalCommand(key('Insert', 'shift'))).toBe('paste');
    expect(terminalCommand(key('c', 'meta'))).toBe('copy');
  });

  it.each([['Escape'], ['F6'], ['Tab'], ['f', 'ctrl'], ['c', 'ctrl'], ['k', 'ctrl'], ['_', 'ctrl', 'shift']])(
    '%s stays with the program',
    (name, ...held) => {
      expect(terminalCommand(key(name, ...(held as 'ctrl'[])))).toBeNull();
    },
  );

  it('of the row take Ctrl and Alt along', () => {
    expect(withModifiers('c', { ctrl: true, alt: false })).toBe('\x03');
    expect(withModifiers('[', { ctrl: true, alt: false })).toBe('\x1b');
    expect(withModifiers('ä', { ctrl: true, alt: false })).toBe('ä');
    expect(withModifiers('b', { ctrl: false, alt: true })).toBe('\x1bb');
    expect(withModifiers('word', { ctrl: true, alt: false })).toBe('word');
    expect(rowKeySequence('↑', NONE, false)).toBe('\x1b[A');
    expect(rowKeySequence('↑', NONE, true)).toBe('\x1bOA');
    expect(rowKeySequence('→', { ctrl: true, alt: false }, true)).toBe('\x1b[1;5C');
    expect(rowKeySequence('Tab', NONE, false)).toBe('\t');
    expect(rowKeySequence('Esc', NONE, false)).toBe('\x1b');
    expect(rowKeySequence('-', { ctrl: false, alt: true }, false)).toBe('\x1b-');
  });
});

describe('text that programs choose', () => {
  it('is one short line without invisible characters', () => {
    expect(tamed('vim \u202etxt.exe\u2066\n\x07 a  b')).toBe('vim txt.exe a b');
    expect(Array.from(tamed('x'.repeat(10_000)))).toHaveLength(201);
    expect(tamed('\u200b\u202e')).toBe('');
  });

  it('names an address only when it may be opened, and as it is', () => {
    expect(webAddress('https://exаmple.com/\u202egpj')).toBe('https://xn--exmple-4nf.com/%E2%80%AEgpj');
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'vscode://x',
      '/x',
      '',
    ]) {
      expect(webAddress(text)).toBeNull();
    }
  });

  it('labels tabs', () => {
    expect(tabLabel('bash', 1)).toBe('bash');
    expect(tabLabel('', 2)).toBe('bash 2');
    expect(tabLabel('-bash', 3)).toBe('bash 3');
    expect(tabLabel('vim', 3)).toBe('vim');
    expect(tabLabel('a'.repeat(99), 1)).toBe(`${'a'.repeat(24)}…`);
    expect(freeNumber([1, 3])).toBe(2);
  });
});

describe('the end of a shell', () => {
  it('is one sentence', () => {
    expect(exitSentence({ code: 3, signal: null, message: null })).toBe('The shell ended with exit code 3.');
    expect(exitSentence({ code: null, signal: 'SIGKILL', message: null })).toBe(
      'The shell was ended by SIGKILL.',
    );
    expect(exitSentence({ code: null, signal: null, message: 'It is gone.' })).toBe('It is gone.');
  });
});
