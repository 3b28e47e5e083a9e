import { describe, expect, it } from '@jest/globals';
import { hasBody, requestProblem } from './request-check.js';

describe('requestProblem', () => {
  it.each([
    [['Host', 'a'], false, null],
    [[], false, /Host/],
    [['Host', 'a', 'host', 'b'], false, /exactly one/],
    [['Host', 'a', 'Transfer-Encoding', 'Chunked'], false, null],
    [['Host', 'a', 'Transfer-Encoding', 'gzip, chunked'], false, /coding/],
    [['Host', 'a', 'Content-Length', '5'], true, /body/],
    [['Host', 'a', 'Content-Length', '0'], true, null],
    [['Host', 'a', 'Authorization', 'Basic x', 'authorization', 'Bearer y'], false, /authorization/],
  ])('%j (upgrade %s)', (raw, isUpgrade, expected) => {
    const problem = requestProblem(raw, isUpgrade);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });

  it('knows a body by its framing', () => {
    expect(hasBody(['Content-Length', '0'])).toBe(false);
    expect(hasBody(['content-length', '1'])).toBe(true);
    expect(hasBody(['Transfer-Encoding', 'chunked'])).toBe(true);
  });
});
