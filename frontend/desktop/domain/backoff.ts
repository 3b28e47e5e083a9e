const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** How long to wait before another try, after so many that failed in a row. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures, 10), LONGEST_MS);
}

/** How often the state of a desktop that is not there yet is asked for. Nobody sees a hidden page. */
export function askAgainMs(isHidden: boolean): number {
  return isHidden ? 5_000 : 1_000;
}
