import { describe, expect, it } from '@jest/globals';
import { parseDesktopState } from './desktop-state.js';

const part = { state: 'running', sentence: '', pid: 7, restarts: 0 };
const whole = { version: 1, driver: 'tigervnc', display: 12, helper_pid: 5, x: part, wm: part, kiosk: part };
const parse = (value: unknown) => parseDesktopState(JSON.stringify(value));

describe('what a helper says of a desktop', () => {
  it('is read', () => {
    expect(parse(whole)).toEqual({ driver: 'tigervnc', display: 12, x: part, wm: part, kiosk: part });
  });

  it.each([
    ['', 'no JSON'],
    ['null', 'nothing'],
    ['[]', 'a list'],
    ['{"x":', 'half a file'],
  ])('is nothing when it is %j: %s', (text) => {
    expect(parseDesktopState(text)).toBeNull();
  });

  it('is nothing when a part is missing or makes no sense', () => {
    expect(parse({ ...whole, wm: undefined })).toBeNull();
    expect(parse({ ...whole, x: { ...part, state: 'flying' } })).toBeNull();
    expect(parse({ ...whole, x: { ...part, pid: -1 } })).toBeNull();
    expect(parse({ ...whole, x: { ...part, sentence: {} } })).toBeNull();
    expect(parse({ ...whole, display: '12' })).toBeNull();
    expect(parse({ ...whole, driver: null })).toBeNull();
  });

  it('is cut and cleaned, for an application may have written it', () => {
    const sentence = `\u001b[31m\u202e${'a'.repeat(5000)}`;
    const read = parse({ ...whole, x: { ...part, sentence } });
    expect(read?.x.sentence).toBe('[31m' + 'a'.repeat(296));
  });
});
