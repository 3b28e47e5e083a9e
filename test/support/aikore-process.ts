import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Api } from './api.js';
import { asAikore, prepareForTwo, usualUsers } from './two-users.js';
import { waitFor } from './wait.js';

const MAIN = resolve(import.meta.dirname, '../../dist/aikore/main.js');

/** The token of every AiKore that a test starts. */
export const TOKEN = 'test-token-0123456789abcdef';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real AiKore in a process of its own, on ports that the system chose. */
export class AiKoreProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<Exit>;
  private urls = { dashboard: '', apps: '' };

  private constructor(
    private readonly child: ChildProcess,
    readonly dataDir: string,
    private readonly readyFile: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
  }

  /**
   * Starts it without waiting for anything.
   * @param main the program, when another build than this one's is meant
   * @param before words before its command, which become the program, as setpriv does; absent: those that it needs for a
   *   second user, where it is to have one
   */
  static launch(
    dataDir: string,
    env: Record<string, string> = {},
    main = MAIN,
    before?: readonly string[],
  ): AiKoreProcess {
    const readyFile = env['AIKORE_READY_FILE'] ?? `${dataDir}.ready`;
    rmSync(readyFile, { force: true });
    const whole: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LANG: 'C.UTF-8',
      AIKORE_DATA_DIR: dataDir,
      AIKORE_PORT: '0',
      AIKORE_APPS_PORT: '0',
      AIKORE_READY_FILE: readyFile,
      AIKORE_TOKEN: TOKEN,
      AIKORE_STOP_GRACE: '2',
      ...usualUsers(),
      ...env,
    };
    const isOfTwo = before === undefined && whole['AIKORE_APP_USER'] !== undefined;
    const [program, ...args] = [...(before ?? (isOfTwo ? asAikore() : [])), process.execPath, main];
    if (isOfTwo) whole['HOME'] = prepareForTwo(dataDir, env['HOME']);
    const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], env: whole });
    return new AiKoreProcess(child, dataDir, readyFile);
  }

  /** Waits until it serves. @throws Error with what it printed when it ended instead */
  async ready(): Promise<this> {
    let exit: Exit | null = null;
    void this.exited.then((value) => (exit = value));
    await waitFor('AiKore serves', () => existsSync(this.readyFile) || exit !== null, 60_000);
    if (!existsSync(this.readyFile)) throw new Error(`AiKore ended: ${JSON.stringify(exit)}\n${this.stderr}`);
    this.urls = JSON.parse(readFileSync(this.readyFile, 'utf8')) as typeof this.urls;
    return this;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** It had no chance to end what it runs. */
  get wasKilled(): boolean {
    return this.child.signalCode === 'SIGKILL';
  }

  get dashboardUrl(): string {
    return this.urls.dashboard;
  }

  get appsUrl(): string {
    return this.urls.apps;
  }

  get port(): number {
    return Number(new URL(this.urls.dashboard).port);
  }

  get appsPort(): number {
    return Number(new URL(this.urls.apps).port);
  }

  /** Environment of another start that is to serve where this one does. */
  get ports(): Record<string, string> {
    return { AIKORE_PORT: String(this.port), AIKORE_APPS_PORT: String(this.appsPort) };
  }

  /** The API for the holder of the token. */
  get api(): Api {
    return new Api(this.urls.dashboard, { authorization: `Bearer ${TOKEN}` });
  }

  /** The API for nobody. */
  get anonymous(): Api {
    return new Api(this.urls.dashboard, {});
  }

  /** The API for a browser that has signed in with a password. */
  async signIn(password: string): Promise<Api> {
    const answer = await this.anonymous.send('POST', 'api/auth/login', { password });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (answer.status !== 200 || cookie === undefined) throw new Error(`no sign-in: ${answer.status}`);
    return this.browser(cookie);
  }

  /** The API for a browser that has a cookie. */
  browser(cookie: string): Api {
    return this.anonymous.as({ cookie, origin: new URL(this.urls.dashboard).origin });
  }

  path(...segments: string[]): string {
    return join(this.dataDir, ...segments);
  }

  /** A file in an instance's folder. */
  home(name: string, ...segments: string[]): string {
    return this.path('instances', name, ...segments);
  }

  signal(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Ends it in order, with everything that it runs. */
  stop(): Promise<Exit> {
    return this.isRunning ? this.signal('SIGTERM') : this.exited;
  }
}
