import { describe, expect, it } from '@jest/globals';
import { isDocumentRequest, isInjectable } from './documents.js';

describe('isDocumentRequest', () => {
  it.each([
    [['Sec-Fetch-Dest', 'document'], true],
    [['Sec-Fetch-Dest', 'iframe', 'Accept', '*/*'], true],
    [['Sec-Fetch-Dest', 'object', 'Accept', '*/*'], true],
    [['Sec-Fetch-Dest', 'empty', 'Accept', 'text/html'], false],
    [['Accept', 'text/html,application/xhtml+xml'], true],
    [['Accept', 'text/html', 'X-Requested-With', 'XMLHttpRequest'], false],
    [['Accept', '*/*'], false],
    [[], false],
  ])('%j → %s', (raw, expected) => {
    expect(isDocumentRequest(raw)).toBe(expected);
  });
});

describe('isInjectable', () => {
  const html = ['Content-Type', 'Text/HTML; charset=utf-8'];
  it.each([
    ['GET', 200, html, true],
    ['POST', 404, html, true],
    ['GET', 200, [...html, 'Content-Encoding', 'identity'], true],
    ['HEAD', 200, html, false],
    ['GET', 304, html, false],
    ['GET', 206, html, false],
    ['GET', 200, ['Content-Type', 'application/json'], false],
    ['GET', 200, ['Content-Type', 'text/html5'], false],
    ['GET', 200, ['Content-Type', 'text/html; charset=UTF-16LE'], false],
    ['GET', 200, [...html, 'Content-Encoding', 'gzip'], false],
    ['GET', 200, [...html, 'Content-Disposition', 'Attachment; filename=a.html'], false],
    ['GET', 200, [...html, 'Content-Disposition', 'inline'], true],
    ['GET', 200, [], false],
  ])('%s %d %j → %s', (method, status, raw, expected) => {
    expect(isInjectable(method, status, raw)).toBe(expected);
  });
});
