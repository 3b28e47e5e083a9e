import { expect } from '@jest/globals';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstanceCreate } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from './aikore-process.js';
import type { Answer } from './api.js';
import { asApps, giveToAikore, startKeptApart } from './kept-apart.js';
import type { Lab } from './lab.js';
import { ownedBelow } from './owned-files.js';
import type { Owned } from './owned-files.js';
import { waitFor } from './wait.js';

/** What no application may ever read. */
export const SECRET = 'only-for-aikore-7f3a';

/** Whatever AiKore looks for in an application's folder lies in its own as well, for a link to lead there. */
const NAMES = [
  ['launch.sh', 'output.log', 'output.times', '1.log', '1.log.times', '1.sh', '1.json', 'record', 'state'],
  ['Xauthority', 'bashrc', '.aikore-instance.json', 'script-history/1.sh', 'script-history/1.json'],
  ['deep/1', 'deep/2', 'deep/3/4'],
].flat();

/** Folders that are links at every other moment, where somebody exchanges them. */
export const FORKS = Array.from({ length: 8 }, (_, index) => [`folder${index}`, `link${index}`] as const);

const FORK = `mkdir -p "$1"; cd "$1"
for n in {0..7}; do mkdir -p folder$n/deep; touch folder$n/{1..40} folder$n/deep/{1..9}; ln -s "$2" link$n; done`;

export interface Victim {
  id: number;
  name: string;
  /** Its folder, which it owns. */
  home: string;
}

/** An AiKore with a user of its own, with things of its own that nobody else is to read or change. */
export class AttackGround {
  private count = 0;
  private readonly before: Owned[];

  private constructor(
    private readonly lab: Lab,
    private served: AiKoreProcess,
  ) {
    this.before = this.protectedFiles();
  }

  static async lay(lab: Lab): Promise<AttackGround> {
    const dataDir = lab.dataDir();
    const aikore = await startKeptApart(lab, ENV, dataDir);
    const vault = join(dataDir, 'vault');
    for (const file of NAMES) layFile(vault, file);
    writeFileSync(aikore.path('backups', 'aikore-earlier.db'), SECRET);
    giveToAikore(aikore.path('backups', 'aikore-earlier.db'), 0o600);
    await aikore.api.expect(201, 'POST', 'api/auth/tokens', { name: SECRET, scopes: ['read'] });
    return new AttackGround(lab, aikore);
  }

  get aikore(): AiKoreProcess {
    return this.served;
  }

  /** A folder of AiKore's. */
  get vault(): string {
    return this.served.path('vault');
  }

  /** Ends AiKore at once and starts it again where it was. */
  async replaceAikore(): Promise<void> {
    const { ports, dataDir } = this.served;
    await this.served.signal('SIGKILL');
    this.served = await startKeptApart(this.lab, { ...ENV, ...ports }, dataDir);
  }

  /** What holds whatever has happened. */
  expectUntouched(): void {
    expect(this.protectedFiles()).toEqual(this.before);
    expect(asApps('grep -rlsF -- "$1" "$2" || true', SECRET, this.served.dataDir)).toBe('');
  }

  /** An instance that has run once and is the attacker's. */
  async victim(wish: Partial<InstanceCreate> = {}): Promise<Victim> {
    const name = `victim ${(this.count += 1)}`;
    const { id } = await this.served.api.create({ name, base_blueprint: 'idles.sh', ...wish });
    await this.runOnce(id);
    return { id, name, home: this.served.home(name) };
  }

  /** Starts and stops it, however either ends. */
  async runOnce(id: number): Promise<void> {
    const { api } = this.served;
    await api.send('POST', `api/instances/${id}/start`);
    // What is run may be another script than the one that says when it is ready.
    await waitFor('it has begun', async () => {
      const { status, pid } = await api.instance(id);
      return status !== 'starting' || pid !== null;
    });
    await api.send('POST', `api/instances/${id}/stop`);
    await waitFor('it rests', async () => ['stopped', 'error'].includes((await api.instance(id)).status));
  }

  save(id: number, content: string): Promise<Answer> {
    return this.served.api.send('PUT', `api/instances/${id}/script`, { content }, { 'if-match': '*' });
  }

  /** Everything that AiKore shows of an instance's files holds no secret, and nothing fails without a sentence. */
  async expectNothingShown(id: number): Promise<void> {
    const ways = [
      ...['logs?offset=0', 'logs?offset=0&run=1', 'logs/runs', 'logs/times?from=0&to=1000', 'logs/download'],
      ...['logs/download?run=1', 'logs/search?q=only', 'script', 'script/blueprint', 'script/history'],
      ...['script/history/1', 'script/metadata', ''],
    ];
    for (const way of ways) {
      const answer = await this.served.api.send('GET', `api/instances/${id}/${way}`);
      expect([way, answer.status === 500 ? answer.body : null]).toEqual([way, null]);
      expect([way, JSON.stringify(answer.body).includes(SECRET)]).toEqual([way, false]);
    }
  }

  async removeForEver(id: number): Promise<void> {
    await this.served.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
    await this.nothingIsBeingDeleted();
  }

  async nothingIsBeingDeleted(): Promise<void> {
    const trash = this.served.path('trashcan');
    await waitFor('it is gone', () => readdirSync(trash).every((name) => !name.startsWith('.deleting-')));
  }

  /** Fills a folder of an application's with folders and links whose names can be exchanged (`FORKS`). */
  fork(folder: string): void {
    asApps(FORK, folder, this.vault);
  }

  /** What is in use changes: of that only whose it is, and who may read it. */
  private protectedFiles(): Owned[] {
    expect((statSync(this.served.path('run/nginx')).mode & 0o777).toString(8)).toBe('700');
    const names = ['aikore.db', 'aikore.db-wal', 'aikore.db-shm'];
    const inUse = names.flatMap((name) => ownedBelow(this.served.path(name)));
    return [
      ...[this.served.path('backups'), this.vault].flatMap(ownedBelow),
      ...inUse.map((owned) => ({ ...owned, inode: 0, content: '' })),
    ];
  }
}

/** Of ports that no other suite has published. */
const FIRST_PORT = 19_901 + (process.pid % 9) * 10;
const ENV = {
  AIKORE_STOP_GRACE: '1',
  AIKORE_DISPLAY_SERVER: 'none',
  AIKORE_INSTANCE_PORT_RANGE: `${FIRST_PORT}-${FIRST_PORT + 9}`,
};

function layFile(vault: string, file: string): void {
  const path = join(vault, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${SECRET} ${file}\n`);
  giveToAikore(path, 0o600);
  for (let folder = dirname(path); folder !== dirname(vault); folder = dirname(folder))
    giveToAikore(folder, 0o700);
}
