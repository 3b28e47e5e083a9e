import { afterAll, expect, jest } from '@jest/globals';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AiKoreProcess } from './aikore-process.js';
import { nginxOf, nginxUnder } from './nginx.js';
import { isAlive, processesMentioning } from './processes.js';
import { waitFor } from './wait.js';

const FIXTURES = resolve(import.meta.dirname, '../fixtures/blueprints');

/** A folder for one suite, and every AiKore that runs in it. */
export class Lab {
  readonly root = mkdtempSync(join(tmpdir(), 'aikore-lab-'));
  private readonly started: AiKoreProcess[] = [];
  private count = 0;

  /** A data directory with the misbehaving blueprints among the custom ones. */
  dataDir(name = `data-${(this.count += 1)}`): string {
    const folder = join(this.root, name);
    const custom = join(folder, 'custom_blueprints');
    mkdirSync(custom, { recursive: true });
    for (const file of readdirSync(FIXTURES)) copyFileSync(join(FIXTURES, file), join(custom, file));
    return folder;
  }

  /** @param main, before as `AiKoreProcess.launch` has them */
  launch(
    dataDir: string,
    env: Record<string, string> = {},
    main?: string,
    before?: readonly string[],
  ): AiKoreProcess {
    const aikore = AiKoreProcess.launch(dataDir, env, main, before);
    this.started.push(aikore);
    return aikore;
  }

  /** A serving AiKore. */
  start(env: Record<string, string> = {}, dataDir = this.dataDir()): Promise<AiKoreProcess> {
    return this.launch(dataDir, env).ready();
  }

  /** Ends everything. @returns command lines of what did not end by itself and had to be killed */
  async close(): Promise<string[]> {
    await Promise.all(this.started.map((aikore) => aikore.stop()));
    const left = processesMentioning(this.root);
    const orphans = this.orphanedNginx();
    const pids = [...left.map(({ pid }) => pid), ...nginxUnder(this.root)];
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await waitFor('nothing of this suite runs', () => processesMentioning(this.root).length === 0);
    rmSync(this.root, { recursive: true, force: true });
    return left.filter(({ pid }) => !orphans.has(pid)).map(({ commandLine }) => commandLine);
  }

  /** An AiKore that was killed leaves its NGINX to the next one, which a test need not start. */
  private orphanedNginx(): ReadonlySet<number> {
    const last = new Map(this.started.map((aikore) => [aikore.dataDir, aikore]));
    const killed = [...last.values()].filter(({ wasKilled }) => wasKilled);
    return new Set(killed.flatMap(({ dataDir }) => nginxOf(dataDir).all));
  }
}

/** Generous: the machine may be busy with other suites, and every wait inside a test has a limit of its own. */
const TEST_TIMEOUT_MS = 90_000;

/** A lab for the suites of a file; at their end nothing of it may be left. */
export function useLab(): Lab {
  jest.setTimeout(TEST_TIMEOUT_MS);
  const lab = new Lab();
  afterAll(async () => {
    expect(await lab.close()).toEqual([]);
  }, 60_000);
  return lab;
}
