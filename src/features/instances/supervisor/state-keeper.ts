import { PostponedWrites, isLasting } from '../../../core/database/postponed-writes.js';
import type { Logger } from '../../../core/logging.js';
import type { Ending } from '../domain/exit-reason.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import type { StatePort } from './supervisor.ports.js';

/** How a run ended, and what else is worth saying of it. */
type End = Ending & { endedAt: Date; note?: string };

/**
 * Keeps what a supervisor knows: in memory at once, in the database when it can be written, and told to everybody. The
 * kernel is the truth: a database that cannot be written must not keep an instance from being stopped. What it did not
 * take is stored as soon as it can be, the newest of each column.
 */
export class StateKeeper {
  private readonly writes: PostponedWrites;
  private unsaved: Partial<InstanceState> = {};

  constructor(
    private readonly row: InstanceEntity,
    private readonly port: StatePort,
    private readonly logger: Logger,
  ) {
    this.writes = new PostponedWrites({
      what: 'the state of an instance',
      fields: { instance: row.id },
      logger,
      onDiskFull: () => port.noteDiskFull?.(),
    });
  }

  async write(patch: Partial<InstanceState>): Promise<void> {
    Object.assign(this.row, patch);
    this.unsaved = { ...this.unsaved, ...patch };
    await this.writes.run('state', () => this.save());
    this.tell();
  }

  /** Whoever cannot be told must not keep from being done what was decided. */
  private tell(): void {
    try {
      this.port.changed(this.row);
    } catch (error) {
      this.logger.error('the state of an instance could not be told', { instance: this.row.id, error });
    }
  }

  /** Notes in the history how the present run ended. */
  async endRun(end: End, reason: string): Promise<void> {
    const { id, run } = this.row;
    if (run === 0) return;
    const note = end.note ?? '';
    const whole = note === '' || reason.includes(note) ? reason : `${reason} ${note}`;
    await this.writes.run(`end of ${run}`, () => this.port.endRun(id, run, end, whole));
  }

  private async save(): Promise<void> {
    const patch = this.unsaved;
    this.unsaved = {};
    try {
      await this.port.save(this.row.id, patch);
    } catch (error) {
      if (!isLasting(error)) this.unsaved = { ...patch, ...this.unsaved };
      throw error;
    }
  }
}
