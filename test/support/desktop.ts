import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDesktopState } from '../../src/host/xserver/desktop-state.js';
import type { DesktopPart, DesktopState } from '../../src/host/xserver/desktop-state.js';
import type { AiKoreProcess } from './aikore-process.js';
import { isAlive, parentOf } from './processes.js';
import { waitFor } from './wait.js';

/** Where the tools for looking at a screen lie; without them the tests of desktops are skipped. */
export const hasDesktopTools = [
  'Xtigervnc',
  'openbox',
  'chromium',
  'import',
  'xdotool',
  'xterm',
  'xprop',
].every((program) => existsSync(join('/usr/bin', program)));

/** The desktop of an instance, looked at from outside of AiKore. */
export class DesktopView {
  readonly folder: string;

  constructor(
    aikore: AiKoreProcess,
    id: number,
    readonly display: number,
  ) {
    this.folder = aikore.path('run', 'instances', String(id), 'display');
  }

  /** Waits until the instance has a desktop. */
  static async of(aikore: AiKoreProcess, id: number): Promise<DesktopView> {
    const display = await waitFor('it has a display', async () => {
      return (await aikore.api.instance(id)).persistent_display;
    });
    return new DesktopView(aikore, id, display);
  }

  get state(): DesktopState | null {
    const file = join(this.folder, 'state');
    return existsSync(file) ? parseDesktopState(readFileSync(file, 'utf8')) : null;
  }

  /** Waits until a part runs. @param not a pid that it had before @returns its pid */
  runs(part: DesktopPart, not = 0, limitMs = 30_000): Promise<number> {
    const running = (): number | null => {
      const facts = this.state?.[part];
      return facts?.state === 'running' && facts.pid !== not ? facts.pid : null;
    };
    return waitFor(`${part} runs on :${this.display}`, running, limitMs);
  }

  get socketMode(): string {
    return (statSync(join(this.folder, 'rfb.sock')).mode & 0o777).toString(8);
  }

  /** What X servers and their helpers leave lying about when they are killed. */
  get leftovers(): string[] {
    const files = [
      // Whoever came after may have the number already.
      ...(this.isNumberSomebodyElses ? [] : [this.lock, `/tmp/.X11-unix/X${this.display}`]),
      ...['rfb.sock', 'Xauthority', 'state'].map((name) => join(this.folder, name)),
    ];
    return files.filter((file) => existsSync(file));
  }

  private get lock(): string {
    return `/tmp/.X${this.display}-lock`;
  }

  private get isNumberSomebodyElses(): boolean {
    if (!existsSync(this.lock)) return false;
    const holder = Number(readFileSync(this.lock, 'latin1'));
    return isAlive(holder) && !readFileSync(`/proc/${holder}/cmdline`, 'latin1').includes(this.folder);
  }

  /** Runs a program on the display. @returns what it printed */
  run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { env: this.env, encoding: 'utf8', timeout: 20_000 });
  }

  /** Waits for a visible window. @returns its id, or ids */
  window(name: string): Promise<string> {
    const search = ['search', '--onlyvisible', '--name', name];
    const find = (): string =>
      spawnSync('xdotool', search, { env: this.env, encoding: 'utf8', timeout: 20_000 }).stdout.trim();
    return waitFor(`a window ${name}`, () => find() || null).catch((error: unknown) => {
      throw new Error(
        `${String(error)}\n${JSON.stringify(this.state)}\n${this.run('xwininfo', '-root', '-tree')}`,
      );
    });
  }

  /** As `run`, for what may lose its display while it runs. */
  try(program: string, ...args: string[]): void {
    spawnSync(program, args, { env: this.env, timeout: 20_000 });
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DISPLAY: `:${this.display}`,
      XAUTHORITY: join(this.folder, 'Xauthority'),
    };
  }

  /** Whether somebody without the secret may use the display. */
  get isOpenToAll(): boolean {
    const env = { ...this.env, XAUTHORITY: '/dev/null' };
    return spawnSync('xprop', ['-root'], { env, timeout: 20_000 }).status === 0;
  }

  /** Colour of a pixel, such as `#0A7D3C`. */
  pixel(x: number, y: number): string {
    const args = ['-window', 'root', '-depth', '8', '-crop', `1x1+${x}+${y}`, 'txt:-'];
    const { stdout } = spawnSync('import', args, { env: this.env, encoding: 'utf8', timeout: 20_000 });
    return /#[\dA-F]{6}/.exec(stdout)?.[0] ?? 'none';
  }

  shows(colour: string, x = 640, y = 400): Promise<boolean> {
    return waitFor(`:${this.display} shows ${colour}`, () => this.pixel(x, y) === colour, 40_000);
  }
}

/** Whether a process descends from another. */
export function descendsFrom(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}
