import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPackages } from './environment-check.js';
import type { Asking } from './environment-check.js';

describe('asking an environment', () => {
  let folder: string;
  const asking = (script: string): Asking => {
    const python = join(folder, 'python');
    writeFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return {
      python,
      script: '/nonexistent/version-check.py',
      uv: null,
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      endMs: performance.now() + 300,
      signal: new AbortController().signal,
    };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aikore-environment-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('that never answers is told as taking too long, with what to do about it', async () => {
    await expect(askPackages(asking('exec sleep 600'))).rejects.toMatchObject({
      kind: 'timed_out',
      code: 'VERSION_CHECK_TIMED_OUT',
      message: expect.stringMatching(/try again, or look in a terminal/),
    });
  });

  it('whose Python says something else has no packages', async () => {
    expect(await askPackages({ ...asking('echo hello'), endMs: performance.now() + 60_000 })).toBeNull();
  });
});
