const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 3072;
const MAX_DEPTH = 128;
// Names on disks may hold anything but these; what a decoder could not read stands there as U+FFFD.
const REFUSED = /[\p{Cc}\p{Cs}\uFFFD]/u;

/**
 * The path of an archive's entry below the folder that it is unpacked into.
 * @returns its segments, none of which leads upwards; null when it is none that a file may have
 */
export function entrySegments(name: string): string[] | null {
  if (name.startsWith('/') || utf8Length(name) > MAX_PATH_BYTES) return null;
  const segments = name.replace(/\/$/, '').split('/');
  return segments.length <= MAX_DEPTH && segments.every(isSegment) ? segments : null;
}

/**
 * Whether a link may lie there: relative, upwards at its beginning only and not out of the root. What it then goes
 * through lies inside, be it a link itself.
 * @param path segments of the link below the root
 */
export function staysInside(path: readonly string[], target: string): boolean {
  if (target === '' || target.startsWith('/') || utf8Length(target) > MAX_PATH_BYTES) return false;
  const words = target.replace(/\/$/, '').split('/');
  const ups = words.findIndex((word) => word !== '..');
  const upCount = ups === -1 ? words.length : ups;
  return upCount < path.length && words.slice(upCount).every((word) => word === '.' || isSegment(word));
}

function isSegment(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false;
  return utf8Length(segment) <= MAX_NAME_BYTES && !REFUSED.test(segment);
}

/** What each UTF-16 unit takes at most, counted exactly: domain code knows no Buffer. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
