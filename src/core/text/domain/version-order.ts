/** A version as PEP 440 and semver order it, as far as they agree. */
interface Parsed {
  epoch: number;
  release: number[];
  /** Below 0: before the release; 0: it; above: after it. */
  stage: number;
  stageNumber: number;
}

const VERSION =
  /^v?(?:(\d{1,4})!)?(\d{1,9}(?:\.\d{1,9}){0,9})(?:[-_.]?(dev|a|alpha|b|beta|pre|preview|c|rc|post|rev|r)[-_.]?(\d{0,9}))?/i;

const STAGES: Readonly<Record<string, number>> = {
  ...{ dev: -4, a: -3, alpha: -3, b: -2, beta: -2 },
  ...{ pre: -1, preview: -1, c: -1, rc: -1, post: 1, rev: 1, r: 1 },
};

/** Whether one version is newer than another; where they cannot be compared, whether it is another one. */
export function isNewer(candidate: string, than: string): boolean {
  const order = compareVersions(candidate, than);
  return order === null ? candidate !== than : order > 0;
}

/** @returns below 0 when the first is older, 0 when they are equal, above 0 when it is newer; null: no versions */
export function compareVersions(first: string, second: string): number | null {
  const [a, b] = [parse(first), parse(second)];
  if (a === null || b === null) return null;
  return compareLists(keyOf(a), keyOf(b));
}

/** Whether a version is a release, no trial before one; false for what is no version. */
export function isRelease(version: string): boolean {
  const parsed = parse(version);
  return parsed !== null && parsed.stage >= 0;
}

function parse(version: string): Parsed | null {
  const match = VERSION.exec(version);
  if (match === null) return null;
  const [, epoch, release = '', stage, stageNumber] = match;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    stage: stage === undefined ? 0 : (STAGES[stage.toLowerCase()] ?? 0),
    stageNumber: Number(stageNumber ?? 0),
  };
}

const RELEASE_PARTS = 10;

function keyOf({ epoch, release, stage, stageNumber }: Parsed): number[] {
  const padded = Array.from({ length: RELEASE_PARTS }, (_, index) => release[index] ?? 0);
  return [epoch, ...padded, stage, stageNumber];
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
