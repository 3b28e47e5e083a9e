import { spawn } from 'node:child_process';

/** What a docker command said and how it ended. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order of arrival. */
  output: string;
}

/** The engine that the tests may use (room.sh starts one); never the one that runs on the machine by itself. */
export const engineHost = process.env['AIKORE_TEST_DOCKER_HOST'] ?? '';

/** Environment of programs that talk to that engine: docker, docker-compose, make. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  // What the Dockerfile promises, both builders must keep; the classic one is in every engine.
  return { DOCKER_BUILDKIT: '0', ...process.env, DOCKER_HOST: engineHost };
}

/** Runs docker and takes any end of it. */
export function docker(...args: string[]): Promise<Outcome> {
  return runDocker(args);
}

/** Runs docker. @returns what it printed, without the last line's end. @throws Error when it failed */
export async function dockerSays(...args: string[]): Promise<string> {
  const { code, stdout, output } = await docker(...args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${code}\n${lastLines(output)}`);
  return stdout.trimEnd();
}

/** @param limits.firstWordMs it is ended when it has said nothing for so long from its start */
export function runDocker(args: readonly string[], limits: { firstWordMs?: number } = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'], env: engineEnvironment() });
    const said = { stdout: '', stderr: '', output: '' };
    const { firstWordMs } = limits;
    const timer =
      firstWordMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), firstWordMs);
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        clearTimeout(timer);
        said[name] += text;
        said.output += text;
      });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, ...said });
    });
  });
}

/** The end of a long output, for messages. */
export function lastLines(text: string, count = 40): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
