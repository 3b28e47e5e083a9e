import { runProgram } from '../../../host/processes/run-program.js';
import type { ProgramOutcome } from '../../../host/processes/run-program.js';

/** How and as whom programs are asked for what is new. */
export interface Asking {
  env: Readonly<Record<string, string>>;
  searchPath: string;
  /** Where applications may write what is thrown away. */
  scratchRoot: string;
  /** When all has to be done, by the monotonic clock. */
  endMs: number;
  signal: AbortSignal;
}

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** They would lead git to another repository, or have it print what it does. */
const MISLEADING =
  /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|NAMESPACE|TRACE.*|CURL_VERBOSE|EXTERNAL_DIFF|PAGER|PROXY_COMMAND|EXEC_PATH|TEMPLATE_DIR)$/;

/** git(1), git-config(1): nothing is run besides git and what reaches the remote; a remote that trickles is given up. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'gc.auto=0',
  'maintenance.auto=false',
  'log.showSignature=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=20',
].flatMap((setting) => ['-c', setting]);

/** Runs git as the applications' user; it asks nobody for a password. */
export function runGit(
  asking: Asking,
  args: readonly string[],
  { env = {}, input }: { env?: Record<string, string>; input?: string } = {},
): Promise<ProgramOutcome> {
  return ask(asking, 'git', [...SETTINGS, ...args], {
    env: { ...gitEnvironment(asking.env), ...env },
    ...(input === undefined ? {} : { input }),
  });
}

/** Runs any program for its output, within what is left of the time. */
export function ask(
  asking: Asking,
  program: string,
  args: readonly string[],
  { env, input }: { env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<ProgramOutcome> {
  return runProgram({
    program,
    args,
    env: env ?? asking.env,
    ...(input === undefined ? {} : { input: Buffer.from(input) }),
    timeoutMs: Math.max(1, asking.endMs - performance.now()),
    maxOutputBytes: MAX_OUTPUT_BYTES,
    signal: asking.signal,
  });
}

export function isDone({ ending, exitCode }: ProgramOutcome): boolean {
  return ending === 'ended' && exitCode === 0;
}

function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !MISLEADING.test(name));
  return {
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15',
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GCM_INTERACTIVE: 'never',
  };
}
