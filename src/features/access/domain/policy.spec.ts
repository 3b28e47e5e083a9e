import { describe, expect, it } from '@jest/globals';
import { nonceOf, policyForBrowser } from './policy.js';

const DASHBOARD = "'self' http://box:9000";
const SHIM = 'known.test:9001/instance/a/.aikore/';

describe('a policy', () => {
  it.each([
    ["frame-ancestors 'none'", `frame-ancestors ${DASHBOARD}`],
    ["default-src 'self'; Frame-Ancestors 'SELF'", `default-src 'self'; Frame-Ancestors ${DASHBOARD}`],
    ["frame-ancestors 'none', img-src *", `frame-ancestors ${DASHBOARD}, img-src *`],
    ['frame-ancestors https://portal.test  *', `frame-ancestors https://portal.test * ${DASHBOARD}`],
    ['frame-ancestors', `frame-ancestors ${DASHBOARD}`],
    ['frame-src *; img-src *', 'frame-src *; img-src *'],
  ])('%s lets itself be framed by the dashboard', (value, expected) => {
    expect(policyForBrowser(value, DASHBOARD, null)).toBe(expected);
  });

  it.each([
    ["default-src 'self'", "default-src 'self'"],
    ['img-src *', 'img-src *'],
    ["default-src 'none'", `default-src ${SHIM}`],
    ["default-src *; script-src 'sha256-x'", `default-src *; script-src 'sha256-x' ${SHIM}`],
    ["script-src 'self'; script-src-elem 'none'", `script-src 'self'; script-src-elem ${SHIM}`],
    ["script-src 'none', script-src 'self'", `script-src ${SHIM}, script-src 'self'`],
  ])('%s admits the shim', (value, expected) => {
    expect(policyForBrowser(value, DASHBOARD, SHIM)).toBe(expected);
  });

  it('may name a nonce', () => {
    expect(nonceOf(["default-src 'none'; script-src 'nonce-aB+/9==' 'strict-dynamic'"])).toBe('aB+/9==');
    expect(nonceOf(["style-src 'nonce-abc'", "script-src 'nonce-\"><script>'"])).toBeNull();
  });
});
