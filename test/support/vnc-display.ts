import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AiKoreProcess } from './aikore-process.js';
import type { Lab } from './lab.js';
import { isAnswering } from '../../src/host/xserver/dial-socket.js';
import { waitFor } from './wait.js';

const XTIGERVNC = '/usr/bin/Xtigervnc';

/** Whether this machine has what a test with a real display needs. */
export const hasDisplayServer = existsSync(XTIGERVNC) && existsSync('/usr/bin/xterm');

/** Displays that no instance is given: see features/instances/leases/display-leases.ts. */
let nextDisplay = 600 + (process.pid % 300);

/** A persistent instance whose display is a test's own business. */
export interface DesktopInstance {
  id: number;
  port: number;
  /** Address of the desktop, with a slash at the end. */
  url: string;
  /** Where AiKore looks for the display. */
  socketPath: string;
}

/** An X server with VNC, as a driver starts one. */
export class TestDisplay {
  private constructor(
    private server: ChildProcess,
    readonly display: number,
    readonly socketPath: string,
    private readonly programs: ChildProcess[] = [],
  ) {}

  /** Starts the server and waits until it answers. */
  static async start(socketPath: string, display = (nextDisplay += 1)): Promise<TestDisplay> {
    mkdirSync(join(socketPath, '..'), { recursive: true });
    const server = startServer(socketPath, display);
    await waitFor('the display answers', () => isAnswering(socketPath));
    return new TestDisplay(server, display, socketPath);
  }

  /** Starts a program on it. */
  run(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const program = spawn(command, args, {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: '/tmp', DISPLAY: `:${this.display}`, ...env },
    });
    this.programs.push(program);
    return program;
  }

  /** The server dies as in a crash. */
  async crash(): Promise<void> {
    await end(this.server, 'SIGKILL');
  }

  /** The server is started again at the same place. */
  async restart(): Promise<void> {
    this.server = startServer(this.socketPath, this.display);
    await waitFor('the display answers again', () => isAnswering(this.socketPath));
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => end(program, 'SIGTERM')));
    await end(this.server, 'SIGTERM');
  }
}

/** The flags of reference/access.md, section 4.3. */
function startServer(socketPath: string, display: number): ChildProcess {
  const flags = '-rfbunixmode 0600 -rfbport -1 -SecurityTypes None -AlwaysShared -noreset -nolisten tcp';
  const args = `:${display} -rfbunixpath ${socketPath} ${flags} -BlacklistThreshold 1000000`;
  return spawn(XTIGERVNC, [...args.split(' '), '-geometry', '1280x800', '-depth', '24'], {
    stdio: 'ignore',
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const isOver = once(child, 'exit');
  child.kill(signal);
  await isOver;
}

/** Of each suite another part, so that those that run at the same time do not take each other's. */
const FIRST_PORT = 19_501 + (process.pid % 40) * 10;

/** An AiKore that runs instances with desktops; the displays are left to the tests. */
export async function startWithDesktops(
  lab: Lab,
  names: readonly string[],
  more: Record<string, string> = {},
): Promise<{ aikore: AiKoreProcess; env: Record<string, string>; desktops: DesktopInstance[] }> {
  const range = `${FIRST_PORT}-${FIRST_PORT + 9}`;
  const env = { AIKORE_DISPLAY_SERVER: 'none', AIKORE_INSTANCE_PORT_RANGE: range, ...more };
  const aikore = await lab.start(env);
  const desktops: DesktopInstance[] = [];
  for (const name of names) {
    const wish = { name, base_blueprint: 'answers.sh', persistent_mode: true };
    const { id, persistent_port: port } = await aikore.api.create(wish);
    const socketPath = aikore.path('run', 'instances', String(id), 'display', 'rfb.sock');
    desktops.push({ id, port: port ?? 0, url: `http://127.0.0.1:${String(port)}/`, socketPath });
  }
  return { aikore, env, desktops };
}

/** Makes of a run without a desktop one whose desktop is on its way: it has a secret. */
export function promiseDisplay({ socketPath }: DesktopInstance): void {
  const folder = dirname(socketPath);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Xauthority'), '');
}
