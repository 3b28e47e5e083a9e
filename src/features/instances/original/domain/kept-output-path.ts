/**
 * The folder below `outputs/` that a row keeps. One that leads out of it cannot be kept: nothing that an instance is
 * given may lie outside the data directory.
 * @returns null when it leads out
 */
export function keepOutputPath(path: string): string | null {
  if (path.startsWith('/') || /\0/.test(path)) return null;
  let depth = 0;
  for (const segment of path.split('/')) {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    if (depth < 0) return null;
  }
  return depth === 0 ? null : path;
}
