import { AppError, messageOf } from '../../core/errors.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstancePaths } from './instance-paths.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { LaunchScript } from './launch-script.js';
import { flagPath, hasFlag, layFlag } from './rebuild-flag.js';
import { refusal } from './supervisor/sentences.js';
import type { RunnerPort } from './supervisor/supervisor.ports.js';

const WARNING = 'Its environment will be built anew at the next start.';

export interface RebuildParts {
  registry: InstanceRegistry;
  paths: InstancePaths;
  script: LaunchScript;
  /** What is said of the instance beside its state has changed. */
  changed: (id: number) => void;
}

/** Has environments built anew: lays the flag that the blueprint looks for, and starts again what ran or failed. */
export class RebuildService {
  /** Instances whose next start builds anew. */
  private readonly due = new Set<number>();

  constructor(private readonly parts: RebuildParts) {}

  /**
   * What runs is restarted, what failed is started, what was stopped waits for its next start.
   * @throws AppError `invalid` when its blueprint has no environment, `conflict` while it is being stopped
   */
  async rebuild(id: number): Promise<void> {
    const supervisor = this.parts.registry.get(id);
    const { row } = supervisor;
    if (row.status === 'stopping') throw refusal(row, 'busy');
    if ((await this.flagOf(row)) === null) throw noEnvironment(row);
    const wasActive = supervisor.isActive;
    const command = wasActive ? 'restart' : row.status === 'error' ? 'start' : null;
    if (wasActive) await this.lay(row);
    else await supervisor.whileResting('rebuilding the environment of', () => this.lay(row));
    if (command !== null) await supervisor.command(command);
    this.parts.changed(id);
  }

  /** The instance is no more. */
  forget(id: number): void {
    this.due.delete(id);
  }

  warningsOf(id: number): string[] {
    return this.due.has(id) ? [WARNING] : [];
  }

  /** Looks whether a flag lies that no start has used yet: after a run, and at boot. */
  async look(id: number): Promise<void> {
    const flag = await this.flagOf(this.parts.registry.get(id).row);
    const isDue = flag !== null && (await hasFlag(flag));
    if (isDue === this.due.has(id)) return;
    if (isDue) this.due.add(id);
    else this.due.delete(id);
    this.parts.changed(id);
  }

  /**
   * A runner whose starts find the flag that was asked for: between the wish and the start, the run that is being ended
   * may have used it up for an environment that it could not finish.
   */
  around(runner: RunnerPort): RunnerPort {
    return {
      find: (row, listener) => runner.find(row, listener),
      start: async (row, listener) => {
        if (this.due.has(row.id)) await this.layAgain(row);
        return runner.start(row, listener);
      },
    };
  }

  private async layAgain(row: InstanceEntity): Promise<void> {
    try {
      await this.lay(row);
      this.due.delete(row.id);
    } catch (error) {
      throw new Error(`its environment cannot be built anew: ${messageOf(error)}`, { cause: error });
    }
  }

  private async lay(row: InstanceEntity): Promise<void> {
    const flag = await this.flagOf(row);
    if (flag !== null && (await layFlag(this.parts.paths.home(row.name), flag))) this.due.add(row.id);
  }

  /** Null when the script declares no environment of its own. */
  private async flagOf(row: InstanceEntity): Promise<string | null> {
    const { venv_path: path } = await this.parts.script.definition(row);
    return path === null ? null : flagPath(this.parts.paths.home(row.name), path);
  }
}

function noEnvironment(row: InstanceEntity): AppError {
  return new AppError(
    'invalid',
    'NO_ENVIRONMENT',
    `${row.name} has no environment that AiKore knows of: its script declares none (aikore.venv_path).`,
  );
}
