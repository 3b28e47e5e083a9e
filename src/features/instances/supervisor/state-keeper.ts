import type { Logger } from '../../../core/logging.js';
import type { Ending } from '../domain/exit-reason.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import type { StatePort } from './supervisor.ports.js';

/**
 * Keeps what a supervisor knows: in memory at once, in the database when it can be written, and told to everybody. The
 * kernel is the truth: a database that cannot be written must not keep an instance from being stopped.
 */
export class StateKeeper {
  constructor(
    private readonly row: InstanceEntity,
    private readonly port: StatePort,
    private readonly logger: Logger,
  ) {}

  async write(patch: Partial<InstanceState>): Promise<void> {
    Object.assign(this.row, patch);
    await this.keepGoing(() => this.port.save(this.row.id, patch));
    this.port.changed(this.row);
  }

  /** Notes in the history how the present run ended. */
  async endRun(end: Ending & { endedAt: Date }, reason: string): Promise<void> {
    if (this.row.run > 0)
      await this.keepGoing(() => this.port.endRun(this.row.id, this.row.run, end, reason));
  }

  private async keepGoing(store: () => Promise<void>): Promise<void> {
    try {
      await store();
    } catch (error) {
      this.logger.error('the state of an instance could not be stored', { instance: this.row.id, error });
    }
  }
}
