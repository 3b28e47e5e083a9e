import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Whether `path` is `root` or lies below it; both absolute, no links followed. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}

/**
 * Resolves a path below a root and proves that it stays there, symbolic links included. What does not exist yet is
 * judged by its nearest existing parent.
 * @returns the absolute path, or null when it leads out
 */
export async function resolveInside(root: string, path: string): Promise<string | null> {
  const target = resolve(root, path);
  if (!isInside(resolve(root), target)) return null;
  const realRoot = await realpath(root);
  let existing = target;
  for (;;) {
    const real = await realpath(existing).catch(() => null);
    if (real !== null) return isInside(realRoot, real) ? target : null;
    const parent = join(existing, '..');
    if (parent === existing) return null;
    existing = parent;
  }
}
