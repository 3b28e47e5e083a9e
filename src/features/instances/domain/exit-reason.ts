/** How a blueprint's main process ended. */
export interface Ending {
  exitCode: number | null;
  /** Name of the signal, such as `SIGKILL`. */
  exitSignal: string | null;
  /** How often the kernel ended processes for want of memory during the run. */
  oomKills?: number;
  /** Whose count that is: of the control group that it shares with AiKore, or of the whole machine. */
  oomSource?: 'cgroup' | 'machine' | null;
}

/** One sentence for the status of an instance that ended without being asked to. */
export function describeUnexpectedEnd(ending: Ending): string {
  if (ending.exitSignal === 'SIGKILL') {
    return 'It was ended from outside by SIGKILL; often the machine ran out of memory.';
  }
  if (ending.exitSignal !== null) return `It was ended from outside by ${ending.exitSignal}.`;
  if (ending.exitCode === 0)
    return 'The script came to its end, though its application should go on running.';
  if (ending.exitCode === 127) return 'It ended with exit code 127: a command was not found.';
  if (ending.exitCode === null) return 'It ended, and nothing is known about how.';
  return `It ended with exit code ${ending.exitCode}.`;
}
