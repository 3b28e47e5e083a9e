import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from './write-files.js';
import { zip } from './zip.js';

/** An archive as `tar -czf` makes it. @param files texts by their path; one that begins with `#!` can be run */
export function tarball(files: Readonly<Record<string, string>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-tarball-'));
  try {
    writeFiles(folder, files);
    const names = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
    const fixed = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0'];
    const packed = spawnSync('tar', [...fixed, '-czf', '-', '-C', folder, '--', ...names], {
      maxBuffer: 64 * 1024 * 1024,
    });
    if (packed.status !== 0) throw new Error(`tar: ${packed.stderr.toString()}`);
    return packed.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same as a zip archive. */
export function zipArchive(files: Readonly<Record<string, string>>): Buffer {
  return zip(
    Object.entries(files).map(([path, text]) => ({
      path,
      content: Buffer.from(text),
      isExecutable: text.startsWith('#!'),
    })),
  );
}
