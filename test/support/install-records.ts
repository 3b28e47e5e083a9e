import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstallRecord, InstalledRepository } from '../../src/contracts/environment.js';

const NO_PINS: InstallRecord['pins'] = {
  git_ref: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  extra_requirements: '',
};

/** A record as functions.sh writes it, of an installation that fits the script of a folder. */
export function recordFor(home: string, blueprint: string, more: Partial<InstallRecord> = {}): InstallRecord {
  const script = readFileSync(join(home, 'launch.sh'));
  return {
    finished_at: '2026-11-20T10:00:00Z',
    took_seconds: 42,
    blueprint,
    script_digest: createHash('sha256').update(script).digest('hex'),
    pins: NO_PINS,
    python: { version: '3.11.2', source: 'machine' },
    installer: 'pip',
    accelerator: 'cpu',
    repositories: [],
    packages: { torch: '2.7.1' },
    ...more,
  };
}

/** Writes a file among AiKore's notes in the folder of an instance. */
export function writeNote(home: string, name: string, content: unknown): string {
  const path = join(home, '.aikore', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

export const repositoryAt = (
  path: string,
  commit: string,
  ref: string | null = 'main',
): InstalledRepository => ({
  path,
  url: 'https://example.org/app.git',
  ref,
  commit,
  subject: 'recorded',
  committed_at: '2026-11-01T00:00:00Z',
});
