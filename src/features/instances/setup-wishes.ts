import { join } from 'node:path';
import { messageOf } from '../../core/errors.js';
import { openInnerFolder } from '../../host/files/inner-folder.js';
import type { FilesOwners } from './files-owner.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstancePaths } from './instance-paths.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { LaunchScript } from './launch-script.js';
import { CLEAN_WORD, REBUILD_FLAG, flagPath, layFlag, readFlag } from './setup-flag.js';
import { readSetupScript } from './setup-script.js';
import { refusal } from './supervisor/sentences.js';
import type { RunnerPort } from './supervisor/supervisor.ports.js';

/** What the next start can be asked to do. `clean` is a rebuild that also passes caches by. */
export type SetupWish = 'rebuild' | 'clean' | 'update';

/** What of it is asked for. */
export interface DueWishes {
  rebuild: 'rebuild' | 'clean' | null;
  isUpdate: boolean;
}

export interface SetupWishesParts {
  registry: InstanceRegistry;
  paths: InstancePaths;
  script: LaunchScript;
  owners: FilesOwners;
  /** What is said of the instance beside its state has changed. */
  changed: (id: number) => void;
}

const NOTHING: DueWishes = { rebuild: null, isUpdate: false };
const NOTES_FOLDER = '.aikore';
const UPDATE_FLAG = 'update';

/**
 * Asks the next start for something by a flag that functions.sh looks for, and starts again what ran or failed. Flags lie
 * where the files are: satellites share those of their parent.
 */
export class SetupWishes {
  /** By the instance that owns the files. */
  private readonly due = new Map<number, DueWishes>();

  constructor(private readonly parts: SetupWishesParts) {}

  /**
   * What runs is restarted, what failed is started, what was stopped waits for its next start.
   * @param deed such as "updating", for the sentence that refuses it
   * @throws AppError `conflict` while it is being stopped, another one uses the files, or something is in the flag's place
   */
  async wish(id: number, wish: SetupWish, deed: string): Promise<void> {
    const supervisor = this.parts.registry.get(id);
    const { row } = supervisor;
    this.requireReady(id, deed);
    const wasActive = supervisor.isActive;
    const command = wasActive ? 'restart' : row.status === 'error' ? 'start' : null;
    const lay = (): Promise<void> => this.lay(this.parts.owners.of(row), wish);
    await (wasActive ? lay() : supervisor.whileResting(deed, lay));
    if (command !== null) await supervisor.command(command);
    this.tell(row);
  }

  /** @throws AppError `conflict` when it would be refused now */
  requireReady(id: number, deed: string): void {
    const { row } = this.parts.registry.get(id);
    if (row.status === 'stopping') throw refusal(row, 'busy');
    this.parts.owners.requireAlone(row, deed);
  }

  /** Whether a rebuild has a place for its flag: an environment that the script declares. */
  async canRebuild(id: number): Promise<boolean> {
    return (await this.rebuildFlagOf(this.parts.owners.of(this.parts.registry.get(id).row))) !== null;
  }

  /** What lies, or is to lie, at the next start. */
  async dueOf(row: InstanceEntity): Promise<DueWishes> {
    const owner = this.parts.owners.of(row);
    const known = this.due.get(owner.id) ?? NOTHING;
    const lying = await this.read(owner);
    return { rebuild: lying.rebuild ?? known.rebuild, isUpdate: lying.isUpdate || known.isUpdate };
  }

  /** The instance is no more. */
  forget(id: number): void {
    this.due.delete(id);
  }

  warningsOf(id: number): string[] {
    const row = this.parts.registry.find(id)?.row;
    const due = row === undefined ? undefined : this.due.get(this.parts.owners.of(row).id);
    return due === undefined ? [] : sentencesFor(due);
  }

  /** Looks whether a flag lies that no start has used yet: after a run, and at boot. */
  async look(id: number): Promise<void> {
    const owner = this.parts.owners.of(this.parts.registry.get(id).row);
    const lying = await this.read(owner);
    if (JSON.stringify(lying) === JSON.stringify(this.due.get(owner.id) ?? NOTHING)) return;
    this.set(owner.id, lying);
    this.tell(owner);
  }

  /**
   * A runner whose starts find the flags that were asked for: between the wish and the start, the run that is being ended
   * may have used one up for an environment that it could not finish.
   */
  around(runner: RunnerPort): RunnerPort {
    return {
      find: (row, listener) => runner.find(row, listener),
      start: async (row, listener) => {
        await this.layAgain(this.parts.owners.of(row));
        return runner.start(row, listener);
      },
    };
  }

  private async layAgain(owner: InstanceEntity): Promise<void> {
    const due = this.due.get(owner.id);
    if (due === undefined) return;
    try {
      if (due.rebuild !== null) await this.lay(owner, due.rebuild);
      if (due.isUpdate) await this.lay(owner, 'update');
      this.due.delete(owner.id);
    } catch (error) {
      throw new Error(`what was asked for cannot be done: ${messageOf(error)}`, { cause: error });
    }
  }

  private async lay(owner: InstanceEntity, wish: SetupWish): Promise<void> {
    const home = this.parts.paths.home(owner.name);
    const due = this.due.get(owner.id) ?? NOTHING;
    if (wish === 'update') {
      await makeNotesFolder(home);
      if (await layFlag(home, updateFlagOf(home))) this.set(owner.id, { ...due, isUpdate: true });
      return;
    }
    const flag = await this.rebuildFlagOf(owner);
    if (flag === null || !(await layFlag(home, flag, wish === 'clean' ? CLEAN_WORD : ''))) return;
    this.set(owner.id, { ...due, rebuild: due.rebuild === 'clean' ? 'clean' : wish });
  }

  private async read(owner: InstanceEntity): Promise<DueWishes> {
    const flag = await this.rebuildFlagOf(owner);
    const word = flag === null ? null : await readFlag(flag);
    const rebuild = word === null ? null : word === CLEAN_WORD ? 'clean' : 'rebuild';
    const isUpdate = (await readFlag(updateFlagOf(this.parts.paths.home(owner.name)))) !== null;
    return { rebuild, isUpdate };
  }

  private set(ownerId: number, due: DueWishes): void {
    if (due.rebuild === null && !due.isUpdate) this.due.delete(ownerId);
    else this.due.set(ownerId, due);
  }

  private tell(row: InstanceEntity): void {
    const { owners, changed } = this.parts;
    for (const member of owners.family(owners.of(row))) changed(member.row.id);
  }

  /**
   * Beside the environment; in the instance's own folder where its script remembers what it installed without one. Null
   * when nothing there could be built anew.
   */
  private async rebuildFlagOf(owner: InstanceEntity): Promise<string | null> {
    const { script, paths } = this.parts;
    const home = paths.home(owner.name);
    const { venv_path: path } = await script.definition(owner);
    if (path !== null) return flagPath(home, path);
    const setup = await readSetupScript(paths.script(owner.name));
    return setup !== null && setup.call !== null ? join(home, REBUILD_FLAG) : null;
  }
}

function updateFlagOf(home: string): string {
  return join(home, NOTES_FOLDER, UPDATE_FLAG);
}

async function makeNotesFolder(home: string): Promise<void> {
  const folder = await openInnerFolder(home, [NOTES_FOLDER], { isMade: true });
  await folder?.close();
}

function sentencesFor({ rebuild, isUpdate }: DueWishes): string[] {
  const anew =
    rebuild === 'clean'
      ? 'Its environment will be built anew at the next start, and everything for it downloaded again.'
      : 'Its environment will be built anew at the next start.';
  return [
    ...(rebuild === null ? [] : [anew]),
    ...(isUpdate ? ['It will be updated at the next start.'] : []),
  ];
}
