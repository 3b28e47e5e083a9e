/** A version's number and size, all that its fate depends on. */
export interface VersionSize {
  version: number;
  sizeBytes: number;
}

export const MAX_VERSIONS = 50;
export const MAX_HISTORY_BYTES = 5 * 1024 * 1024;
/** What is saved now, and what it replaces, stay whatever their size. */
const ALWAYS_KEPT = 2;

/** Which versions make room for the newer ones: the oldest, until the rest is few and small enough. */
export function superfluousVersions(versions: readonly VersionSize[]): number[] {
  const newestFirst = [...versions].sort((a, b) => b.version - a.version);
  const dropped: number[] = [];
  let keptBytes = 0;
  newestFirst.forEach(({ version, sizeBytes }, index) => {
    keptBytes += sizeBytes;
    // Once one is too much, everything older goes as well.
    const isTooMuch = index >= MAX_VERSIONS || keptBytes > MAX_HISTORY_BYTES;
    if (index >= ALWAYS_KEPT && isTooMuch) dropped.push(version);
  });
  return dropped;
}
