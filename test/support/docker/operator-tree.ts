import { afterAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOKEN } from '../aikore-process.js';
import { Api } from '../api.js';
import { freePort } from '../ports.js';
import { LABEL, uniqueName } from './container.js';
import { docker, dockerSays, engineEnvironment } from './docker.js';
import type { Outcome } from './docker.js';
import { REPOSITORY } from './dockerfile.js';
import type { TestImage } from './image.js';

const trees: OperatorTree[] = [];

afterAll(async () => {
  for (const tree of trees) await tree.remove();
}, 120_000);

/** A copy of what `make` needs for the container, in a folder of its own, with ports and names that nobody else has. */
export class OperatorTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'aikore-operator-'));
  /** Of the container and of the project. */
  readonly name = uniqueName('operator');
  private port = 0;

  private constructor(private readonly settings: Record<string, string>) {}

  /** @param settings of `.env`, besides those that keep it apart from others; an empty one leaves such a one out */
  static async make(image: TestImage, settings: Record<string, string> = {}): Promise<OperatorTree> {
    const [port, appsPort, first] = [await freePort(), await freePort(), await freePort()];
    const tree = new OperatorTree({
      AIKORE_IMAGE: image.tag,
      AIKORE_PORT: String(port),
      AIKORE_APPS_PORT: String(appsPort),
      AIKORE_INSTANCE_PORT_RANGE: `${first}-${first}`,
      AIKORE_BIND: '127.0.0.1',
      AIKORE_TOKEN: TOKEN,
      GPU: 'none',
      ...settings,
    });
    trees.push(tree);
    tree.port = port;
    tree.settings['AIKORE_CONTAINER'] ??= tree.name;
    tree.settings['COMPOSE_PROJECT_NAME'] ??= tree.name;
    const parts = readdirSync(REPOSITORY).filter((name) =>
      /^(docker-compose.*\.yml|Makefile|container\.mk)$/.test(name),
    );
    for (const part of [...parts, 'scripts/container.sh', 'scripts/container', 'Dockerfile'])
      cpSync(join(REPOSITORY, part), join(tree.folder, part), { recursive: true });
    // The Makefile looks for sources here.
    for (const folder of ['src', 'frontend']) mkdirSync(join(tree.folder, folder));
    // Which also shows that an operator's own additions are read.
    const labels = `services:\n  aikore:\n    labels:\n      ${LABEL.replace('=', ': "')}"\n`;
    writeFileSync(join(tree.folder, 'docker-compose.override.yml'), labels);
    tree.configure({});
    return tree;
  }

  /** Changes settings and writes `.env`. */
  configure(settings: Record<string, string>): void {
    Object.assign(this.settings, settings);
    const lines = Object.entries(this.settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.folder, '.env'), lines.join(''));
  }

  /** Runs `make`. @param env such as YES, GPU, PATH; nobody sits at the keyboard */
  async command(target: string, env: Record<string, string> = {}): Promise<Outcome> {
    return run('make', ['--silent', ...target.split(' ')], this.folder, env);
  }

  /** Runs `make`. @returns what it printed. @throws Error when it failed */
  async says(target: string, env: Record<string, string> = {}): Promise<string> {
    const { code, output } = await this.command(target, env);
    if (code !== 0) throw new Error(`make ${target}: ${code}\n${output}`);
    return output;
  }

  get dashboard(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get api(): Api {
    return new Api(this.dashboard, { authorization: `Bearer ${TOKEN}` });
  }

  /** Runs a line of shell in the container, as root. @returns what it printed. @throws Error when it failed */
  shell(line: string): Promise<string> {
    return dockerSays('exec', this.settings['AIKORE_CONTAINER'] ?? this.name, 'bash', '-c', line);
  }

  inspect(format: string): Promise<string> {
    return dockerSays('inspect', '--format', format, this.settings['AIKORE_CONTAINER'] ?? this.name);
  }

  async remove(): Promise<void> {
    const project = `label=com.docker.compose.project.working_dir=${this.folder}`;
    const { stdout } = await docker('ps', '--all', '--quiet', '--filter', project);
    const left = stdout.split('\n').filter((id) => id !== '');
    if (left.length > 0) await docker('rm', '--force', '--volumes', ...left);
    await docker('network', 'rm', `${this.settings['COMPOSE_PROJECT_NAME'] ?? this.name}_default`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a program with the tests' engine and takes any end of it. */
export function run(
  program: string,
  args: readonly string[],
  folder: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...engineEnvironment(), ...env },
    });
    const said = { stdout: '', stderr: '', output: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        said.output += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, ...said }));
  });
}
