import type { Moved } from './transfer-job.js';

/**
 * Where a link leads in a copy: what led into the original, or into what moves along, leads into the copy. Everything
 * else stays as it is written. Paths are absolute, with the slash between names and no more.
 * @param link path of the link in the original
 * @param copied path that the link will have once the copy is in its place
 */
export function movedTarget(link: string, copied: string, target: string, moved: readonly Moved[]): string {
  const isRelative = !target.startsWith('/');
  const meant = normalise(isRelative ? `${folderOf(link)}/${target}` : target);
  const move = moved.find(({ from }) => isBelow(from, meant));
  if (move === undefined) return target;
  const now = move.to + meant.slice(move.from.length);
  if (!isRelative) return now;
  // One that stays among what is copied is right as it is.
  const stays = normalise(`${folderOf(copied)}/${target}`) === now;
  return stays ? target : relative(folderOf(copied), now);
}

/** How an absolute path is written from a folder. */
export function relative(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common += 1;
  const way = [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
  return way === '' ? '.' : way;
}

/** Without `.`, `..` and doubled slashes; links are not looked at. */
export function normalise(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

export function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
