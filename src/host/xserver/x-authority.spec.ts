import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority } from './x-authority.js';

describe('the secret of a display', () => {
  it('is another one every time', () => {
    expect(makeAuthority(10).equals(makeAuthority(10))).toBe(false);
  });

  (existsSync('/usr/bin/xauth') ? it : it.skip)('is a file that X understands', () => {
    const root = mkdtempSync(join(tmpdir(), 'aikore-authority-'));
    const file = join(root, 'Xauthority');
    writeFileSync(file, makeAuthority(321), { mode: 0o600 });
    const { stdout } = spawnSync('xauth', ['-f', file, 'list'], { encoding: 'utf8' });
    expect(stdout).toMatch(/:321\s+MIT-MAGIC-COOKIE-1\s+[\da-f]{32}\n$/);
    rmSync(root, { recursive: true });
  });
});
