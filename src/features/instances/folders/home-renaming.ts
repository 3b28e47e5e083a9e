import { readdir, rename, rm } from 'node:fs/promises';
import { syncFolder, writeFileAtomically } from '../../../host/files/atomic-write.js';
import { exists } from '../../../host/files/exists.js';
import { readSmallFile } from '../../../host/files/regular-file.js';
import type { InstancePaths } from '../instance-paths.js';

/** What a renaming moves, decided before the first folder moves. */
export interface HomeMove {
  from: string;
  to: string;
  movesHome: boolean;
  movesOutputs: boolean;
}

const NOTE = /^\.renaming-([1-9]\d*)$/;
/** Two names, written as JSON. */
const MAX_NOTE_BYTES = 8192;

/**
 * Moves the folders of an instance to another name. A note beside the folders says what is under way, so that a boot can
 * bring both folders back when AiKore ended before the row had the new name.
 */
export class HomeRenaming {
  constructor(private readonly paths: InstancePaths) {}

  /** Both folders move, or none. One that is missing comes back under the new name at the next start. */
  async move(id: number, from: string, to: string, isOutputsToo: boolean): Promise<void> {
    const plan = await this.plan(from, to, isOutputsToo);
    await writeFileAtomically(this.paths.renamingNote(id), JSON.stringify(plan), 0o600);
    try {
      if (plan.movesHome) await rename(this.paths.home(from), this.paths.home(to));
      if (plan.movesOutputs) await rename(this.paths.outputs(from, null), this.paths.outputs(to, null));
      await this.syncRoots();
    } catch (error) {
      await this.undo(id, plan);
      throw error;
    }
  }

  /** The row has the new name. */
  async finish(id: number): Promise<void> {
    await rm(this.paths.renamingNote(id), { force: true });
  }

  /** Takes back what was moved. @param plan read from the note when absent */
  async undo(id: number, plan?: HomeMove): Promise<void> {
    const done = plan ?? (await this.read(id));
    if (done?.movesHome) await moveBack(this.paths.home(done.to), this.paths.home(done.from));
    if (done?.movesOutputs)
      await moveBack(this.paths.outputs(done.to, null), this.paths.outputs(done.from, null));
    await this.syncRoots();
    await this.finish(id);
  }

  /** Ids of the instances whose renaming was interrupted. */
  async interrupted(): Promise<number[]> {
    const files = await readdir(this.paths.instancesRoot).catch(() => []);
    return files.map((file) => Number(NOTE.exec(file)?.[1])).filter((id) => !Number.isNaN(id));
  }

  /** @returns null for a note that is none: an application could have written there */
  async read(id: number): Promise<HomeMove | null> {
    try {
      const text = await readSmallFile(this.paths.renamingNote(id), MAX_NOTE_BYTES, 'anybody');
      const value: unknown = text === null ? null : JSON.parse(text);
      return isMove(value) ? value : null;
    } catch {
      return null;
    }
  }

  private async plan(from: string, to: string, isOutputsToo: boolean): Promise<HomeMove> {
    const movesHome = await exists(this.paths.home(from));
    const hasOutputs = isOutputsToo && movesHome && (await exists(this.paths.outputs(from, null)));
    return { from, to, movesHome, movesOutputs: hasOutputs && !(await exists(this.paths.outputs(to, null))) };
  }

  private async syncRoots(): Promise<void> {
    // The folder of the outputs may not be there; a file system that cannot sync folders must not forbid a renaming.
    for (const root of [this.paths.instancesRoot, this.paths.outputsRoot])
      await syncFolder(root).catch(() => undefined);
  }
}

/** Moves only what did move: nothing that lies in the old place is ever covered. */
async function moveBack(from: string, to: string): Promise<void> {
  if ((await exists(from)) && !(await exists(to))) await rename(from, to);
}

function isMove(value: unknown): value is HomeMove {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, movesHome, movesOutputs } = value as Record<string, unknown>;
  return (
    typeof from === 'string' &&
    typeof to === 'string' &&
    typeof movesHome === 'boolean' &&
    typeof movesOutputs === 'boolean'
  );
}
