import { describe, expect, it } from '@jest/globals';
import { oneTimeTarget } from './one-time-link.js';

const ORIGIN = 'http://box.lan:9000';

describe('oneTimeTarget', () => {
  it.each([
    ['http://127.0.0.1:9000/signin-link/abc', `${ORIGIN}/signin-link/abc`],
    ['  Sign in: http://localhost:9000/signin-link/a-b_c  (works once)', `${ORIGIN}/signin-link/a-b_c`],
    ['/signin-link/abc', `${ORIGIN}/signin-link/abc`],
    ['https://evil.example//evil.example/x', `${ORIGIN}//evil.example/x`],
    ['//evil.example/x', `${ORIGIN}/x`],
  ])('leads %p to this origin', (text, target) => {
    expect(oneTimeTarget(text, ORIGIN)).toBe(target);
  });

  it.each(['', 'hello', 'javascript:alert(1)', 'http://127.0.0.1:9000/', 'http://'])('refuses %p', (text) => {
    expect(oneTimeTarget(text, ORIGIN)).toBeNull();
  });
});
