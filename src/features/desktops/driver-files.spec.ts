import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driverFileAnswer } from './driver-files.js';

describe('the client that a driver brings along', () => {
  let root: string;
  let www: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-www-'));
    www = join(root, 'www');
    mkdirSync(join(www, 'app'), { recursive: true });
    writeFileSync(join(root, 'secret'), 'secret');
    writeFileSync(join(www, 'vnc.html'), '<!doctype html>');
    writeFileSync(join(www, 'app', 'a b.js'), '1');
    symlinkSync('../secret', join(www, 'link.js'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('is handed out with its types, and may load nothing from elsewhere', async () => {
    const page = await driverFileAnswer(www, '/vnc.html');
    expect(page).toMatchObject({ status: 200, bytes: { sizeBytes: 15 } });
    expect(page?.headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(page?.headers['Content-Security-Policy']).toContain("connect-src 'self'");
    expect((await driverFileAnswer(www, '/app/a%20b.js'))?.headers['Content-Type']).toContain('javascript');
  });

  it.each([
    '/',
    '/app',
    '/none.js',
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/app/../../secret',
    '/%252e%252e/secret',
    '/..\\secret',
    '/vnc.html%00',
    '/link.js',
    '/%',
    '//etc/passwd',
    '/app/a%20b.js/..',
  ])('has nothing at %s', async (path) => {
    expect(await driverFileAnswer(www, path)).toBeNull();
  });
});
