import { afterAll } from '@jest/globals';
import { TOKEN } from '../aikore-process.js';
import { Api } from '../api.js';
import { freePort } from '../ports.js';
import { waitFor } from '../wait.js';
import type { Outcome } from './docker.js';
import { docker, dockerSays, lastLines } from './docker.js';
import type { TestImage } from './image.js';

/** How docker-compose.yml confines it; what works so works with less, too. */
export const CONFINED = [
  '--cap-drop=ALL',
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETPCAP', 'SETUID'].map(
    (name) => `--cap-add=${name}`,
  ),
  '--security-opt=no-new-privileges:true',
  '--read-only',
  '--tmpfs=/run:exec,mode=755',
  '--tmpfs=/tmp:exec,mode=1777',
];

/** Labels what a run makes, so that nothing of it can be left (things.mjs). */
export const LABEL = `aikore.test=${process.env['AIKORE_TEST_OWNER'] ?? ''}`;

const HEALTHY_LIMIT_MS = 60_000;

export interface ContainerWish {
  image: TestImage;
  name?: string;
  env?: Record<string, string>;
  /** Further options of `docker run`. */
  run?: readonly string[];
  /** A named volume or a folder for /config; a new volume where nothing is said; null: none, `run` says what is there. */
  volume?: string | null;
  /** Not confined as compose does: a `docker run` without options. */
  isPlain?: boolean;
  /** Instead of AiKore. */
  command?: readonly string[];
}

let count = 0;
const made: Container[] = [];
const volumes: string[] = [];

/** A name that no other thing of any run has. */
export function uniqueName(what: string): string {
  return `aikore-test-${process.env['AIKORE_TEST_OWNER'] ?? ''}-${process.pid}-${what}-${(count += 1)}`;
}

/** Makes an empty volume; it is removed with the suite. */
export async function makeVolume(): Promise<string> {
  const volume = uniqueName('volume');
  await dockerSays('volume', 'create', '--label', LABEL, volume);
  volumes.push(volume);
  return volume;
}

/** Starts a container of the image and does not wait for anything. It is removed with the suite. */
export async function startContainer(wish: ContainerWish): Promise<Container> {
  const container = await Container.start(wish);
  made.push(container);
  return container;
}

afterAll(async () => {
  await Promise.all(made.map((container) => container.remove()));
  if (volumes.length > 0) await docker('volume', 'rm', '--force', ...volumes);
}, 60_000);

/** A container of AiKore whose doors are open on ports of 127.0.0.1. */
export class Container {
  private constructor(
    readonly name: string,
    /** Of /config; null where the caller has said it himself. */
    readonly volume: string | null,
    readonly port: number,
    readonly appsPort: number,
    private readonly token: string,
  ) {}

  static async start(wish: ContainerWish): Promise<Container> {
    const name = wish.name ?? uniqueName('container');
    const volume = wish.volume === undefined ? await makeVolume() : wish.volume;
    const [port, appsPort] = [await freePort(), await freePort()];
    const env = { AIKORE_TOKEN: TOKEN, ...wish.env };
    await dockerSays(
      'run',
      '--detach',
      `--name=${name}`,
      `--label=${LABEL}`,
      ...(wish.isPlain === true ? [] : CONFINED),
      `--publish=127.0.0.1:${port}:9000`,
      `--publish=127.0.0.1:${appsPort}:9001`,
      ...(volume === null ? [] : [`--volume=${volume}:/config`]),
      ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`),
      ...(wish.run ?? []),
      wish.image.id,
      ...(wish.command ?? []),
    );
    return new Container(name, volume, port, appsPort, env.AIKORE_TOKEN);
  }

  /** Address of the dashboard. */
  get dashboard(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Address of the door of the applications. */
  get apps(): string {
    return `http://127.0.0.1:${this.appsPort}`;
  }

  /** The API for the holder of the token. */
  get api(): Api {
    return new Api(this.dashboard, { authorization: `Bearer ${this.token}` });
  }

  /** Runs a program in it, as root. */
  exec(...command: string[]): Promise<Outcome> {
    return docker('exec', this.name, ...command);
  }

  /** Runs a line of shell in it, as root. @returns what it printed. @throws Error when it failed */
  async shell(line: string): Promise<string> {
    return dockerSays('exec', this.name, 'bash', '-c', line);
  }

  /** All that it has printed. */
  async logs(): Promise<string> {
    return (await docker('logs', this.name)).output;
  }

  /** A fact of `docker inspect`. @param format a Go template such as `{{.State.Pid}}` */
  inspect(format: string): Promise<string> {
    return dockerSays('inspect', '--format', format, this.name);
  }

  async isRunning(): Promise<boolean> {
    return (await this.inspect('{{.State.Running}}')) === 'true';
  }

  /** Waits until its health check says so. @throws Error with the end of its log */
  async waitHealthy(limitMs = HEALTHY_LIMIT_MS): Promise<this> {
    let seen = '';
    const isHealthy = async () => {
      seen = await this.inspect('{{.State.Status}} {{.State.Health.Status}}');
      if (seen.startsWith('exited')) throw new Error('it has ended');
      return seen === 'running healthy';
    };
    await waitFor('the container is healthy', isHealthy, limitMs).catch(async (error: unknown) => {
      throw new Error(`${String(error)} (it is ${seen})\n${lastLines(await this.logs())}`);
    });
    return this;
  }

  /** Waits for its end. @returns its exit code */
  async waitEnd(limitMs = HEALTHY_LIMIT_MS): Promise<number> {
    await waitFor('the container has ended', async () => !(await this.isRunning()), limitMs);
    return Number(await this.inspect('{{.State.ExitCode}}'));
  }

  /** `docker stop`. @param graceSeconds another time than docker's own, 10 s */
  async stop(graceSeconds?: number): Promise<{ code: number; durationMs: number }> {
    const startMs = performance.now();
    await dockerSays(
      'stop',
      ...(graceSeconds === undefined ? [] : ['--time', String(graceSeconds)]),
      this.name,
    );
    const durationMs = performance.now() - startMs;
    return { code: Number(await this.inspect('{{.State.ExitCode}}')), durationMs };
  }

  /** `docker kill`: with its own signal nothing inside has a chance to do anything. */
  async kill(signal = 'KILL'): Promise<void> {
    await dockerSays('kill', '--signal', signal, this.name);
  }

  /** Starts it again after its end. */
  async startAgain(): Promise<void> {
    await dockerSays('start', this.name);
  }

  /** Removes it, living or not; its volume stays until the end of the suite. */
  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name);
  }
}
