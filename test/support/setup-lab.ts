import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstallRecord } from '../../src/contracts/environment.js';
import { PackageIndex } from './stand-ins/package-index.js';
import { systemWheels } from './stand-ins/system-wheels.js';
import type { PackageSpec } from './stand-ins/wheels.js';
import { normalName, wheel, wheelFileName } from './stand-ins/wheels.js';
import { waitFor } from './wait.js';

export interface Finished {
  code: number | null;
  out: string;
  tookMs: number;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
}

export interface SetupLabOptions {
  name?: string;
  folder?: string;
  uv?: string | null;
}

export const FUNCTIONS = resolve('blueprints/functions.sh');

const GIT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
};

/** An instance's folder with a script, and all that the script fetches, as files on this disk. */
export class SetupLab {
  readonly dir: string;
  home: string;
  private readonly files = new Map<string, Set<string>>();

  private readonly uv: string | null;

  /** @param folder in which everything lies. @param name of the instance's folder. @param uv folder of the program */
  constructor({ name = 'in stance', folder, uv = null }: SetupLabOptions = {}) {
    this.dir = realpathSync(folder ?? mkdtempSync(join(tmpdir(), 'aikore setup-')));
    this.uv = uv;
    this.home = join(this.dir, name);
    for (const each of [this.home, this.at('origin'), this.at('models'), this.at('outputs')]) mkdirSync(each);
    // uv wants it for older Pythons.
    this.add({ name: 'wheel', version: '0.45.1' });
    for (const { name: project, file, content } of systemWheels()) this.addFile(project, file, content);
  }

  at(...names: string[]): string {
    return join(this.dir, ...names);
  }

  own(...names: string[]): string {
    return join(this.home, ...names);
  }

  read(...names: string[]): string {
    return readFileSync(this.own(...names), 'utf8');
  }

  has(...names: string[]): boolean {
    return existsSync(this.own(...names));
  }

  /** A file of the instance. */
  write(path: string, content = ''): void {
    mkdirSync(dirname(this.own(path)), { recursive: true });
    writeFileSync(this.own(path), content);
  }

  get record(): InstallRecord {
    return JSON.parse(this.read('.aikore/install.json')) as InstallRecord;
  }

  /** @param install body of the function that is set up. @param launch what comes after it */
  script(install: string, launch = 'echo LAUNCHED', variables = ''): void {
    const head = 'set -euo pipefail\nsource "$AIKORE_FUNCTIONS"\ncd -- "$INSTANCE_CONF_DIR"';
    this.write(
      'launch.sh',
      `${head}\ninstall() {\n${install}\n}\naikore_setup install ${variables}\n${launch}\n`,
    );
  }

  environment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
    const index = pathToFileURL(this.at('simple')).href;
    const path = process.env['PATH'] ?? '';
    return {
      PATH: this.uv === null ? path : `${this.uv}:${path}`,
      HOME: this.dir,
      ...(this.uv === null ? { PYTHON_INSTALLER: 'pip' } : {}),
      AIKORE_FUNCTIONS: FUNCTIONS,
      INSTANCE_CONF_DIR: this.home,
      INSTANCE_OUTPUT_DIR: this.at('outputs'),
      AIKORE_MODELS_DIR: this.at('models'),
      BLUEPRINT_ID: 'Thing',
      ORIGIN: this.at('origin'),
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: index,
      UV_NO_CONFIG: '1',
      UV_DEFAULT_INDEX: index,
      UV_PYTHON_DOWNLOADS: 'never',
      ...GIT,
      ...own,
    };
  }

  start(own: Readonly<Record<string, string>> = {}): Running {
    const began = Date.now();
    const child = spawn('bash', ['launch.sh'], {
      cwd: this.home,
      env: this.environment(own),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, which is ended as AiKore does it: all of it.
      detached: true,
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
    const finished = new Promise<Finished>((done) =>
      child.once('close', (code) => done({ code, out, tookMs: Date.now() - began })),
    );
    return { child, finished };
  }

  run(own: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(own).finished;
  }

  /** Like a machine that loses its power, as far as processes go. */
  static async kill({ child, finished }: Running): Promise<void> {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
    await finished;
  }

  /** Waits until the script has printed something. */
  static async said({ child }: Running, text: string): Promise<void> {
    let out = '';
    child.stdout?.on('data', (chunk) => (out += String(chunk)));
    await waitFor(`"${text}" is said`, () => out.includes(text), 30_000);
  }

  /** A package of the index. */
  add(...specs: PackageSpec[]): void {
    for (const spec of specs) this.addFile(spec.name, wheelFileName(spec), wheel(spec));
  }

  /** As when the network is gone: neither index nor repositories. */
  goOffline(): void {
    for (const name of ['simple', 'origin']) renameSync(this.at(name), this.at(`${name}.gone`));
  }

  comeBack(): void {
    for (const name of ['simple', 'origin']) renameSync(this.at(`${name}.gone`), this.at(name));
  }

  git(...words: string[]): string {
    const env = { PATH: process.env['PATH'], ...GIT };
    return execFileSync('git', words, { cwd: this.at('origin'), env, stdio: 'pipe' })
      .toString()
      .trim();
  }

  /** A commit in the repository, which is made with the first one. @returns its name */
  commit(subject: string, files: Readonly<Record<string, string>> = {}): string {
    if (!existsSync(this.at('origin/.git'))) this.git('init', '-q', '-b', 'trunk');
    for (const [name, content] of Object.entries({ subject, ...files })) {
      mkdirSync(dirname(this.at('origin', name)), { recursive: true });
      writeFileSync(this.at('origin', name), content);
    }
    this.git('add', '.');
    this.git('commit', '-qm', subject);
    return this.git('rev-parse', 'HEAD');
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private addFile(project: string, file: string, content: Buffer): void {
    const folder = this.at('simple', normalName(project));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), content);
    const known = this.files.get(folder) ?? new Set<string>();
    this.files.set(folder, known.add(file));
    const index = new PackageIndex();
    for (const each of known) index.addFile(project, each, readFileSync(join(folder, each)));
    writeFileSync(join(folder, 'index.html'), index.answer(`${project}/`)?.body ?? '');
  }
}
