import { readFileSync } from 'node:fs';

const MARKER_OPTION = '--marker';

/**
 * Whether a process was started as the runner of the run with this marker (scripts/runner/README.md).
 * @returns false for a process that is gone, or whose command line may not be read: a runner is the same user's
 */
export function isRunnerOf(pid: number, marker: string): boolean {
  let argv: string[];
  try {
    argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return false;
  }
  const at = argv.indexOf(MARKER_OPTION);
  return at > 0 && argv[at + 1] === marker;
}
