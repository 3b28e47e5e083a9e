import { IsNull } from 'typeorm';
import type { DataSource } from 'typeorm';
import { PostponedWrites } from '../../core/database/postponed-writes.js';
import type { Logger } from '../../core/logging.js';
import { InstanceEntity } from './instance.entity.js';
import type { InstanceSettings, InstanceState } from './instance.entity.js';
import { RunEntity } from './run.entity.js';

/** How many runs of an instance are remembered. */
const KEPT_RUNS = 200;
/** Forgetting older ones costs a write; not every start has to pay it. */
const PRUNE_EVERY_RUNS = 20;

/** Reads and writes the tables of this feature; decides nothing. */
export class InstanceRepository {
  private readonly removals: PostponedWrites;

  constructor(
    private readonly source: DataSource,
    logger: Logger,
  ) {
    this.removals = new PostponedWrites({
      what: 'the removal of an instance',
      fields: {},
      logger,
      onDiskFull: () => undefined,
    });
  }

  all(): Promise<InstanceEntity[]> {
    return this.rows.find({ order: { position: 'ASC', id: 'ASC' } });
  }

  /** The id that the next inserted row gets (sqlite.org/autoinc.html); exact while nobody else inserts. */
  async nextId(): Promise<number> {
    const rows = await this.source.query<{ seq: number }[]>(
      "SELECT seq FROM sqlite_sequence WHERE name = 'instances'",
    );
    return (rows[0]?.seq ?? 0) + 1;
  }

  async insert(row: Omit<InstanceEntity, 'id'>): Promise<InstanceEntity> {
    // One that is only to be removed may have its name.
    await this.removals.flush();
    return this.rows.save(this.rows.create(row));
  }

  async saveSettings(id: number, settings: Partial<InstanceSettings>): Promise<void> {
    await this.rows.update(id, settings);
  }

  /** Of all instances that came from a blueprint, or of none. */
  async renameBlueprint(from: string, to: string): Promise<void> {
    await this.rows.update({ base_blueprint: from }, { base_blueprint: to });
  }

  async saveState(id: number, state: Partial<InstanceState>): Promise<void> {
    await this.rows.update(id, state);
  }

  /** Notes the display that an instance has leased. */
  async saveDisplay(id: number, display: number): Promise<void> {
    await this.rows.update(id, { persistent_display: display });
  }

  async remove(id: number): Promise<void> {
    await this.rows.delete(id);
  }

  /** For an instance of which nothing else is left: as soon as the database can. */
  removeWhenPossible(id: number): Promise<void> {
    return this.removals.run(String(id), () => this.remove(id));
  }

  async beginRun(run: RunEntity): Promise<void> {
    // A start that AiKore did not survive may have left a row of that number.
    await this.runRows.upsert(run, ['instance_id', 'run']);
    if (run.run % PRUNE_EVERY_RUNS !== 0) return;
    await this.runRows
      .createQueryBuilder()
      .delete()
      .where('instance_id = :id AND run <= :oldest', { id: run.instance_id, oldest: run.run - KEPT_RUNS })
      .execute();
  }

  /** Notes how a run ended; what was noted of it before stays. A clock that was set back ends no run before its start. */
  async endRun(
    instanceId: number,
    run: number,
    ending: Pick<RunEntity, 'ended_at' | 'exit_code' | 'exit_signal' | 'reason'>,
  ): Promise<void> {
    const { ended_at: endedAt, ...facts } = ending;
    await this.runRows
      .createQueryBuilder()
      .update()
      .set({ ...facts, ended_at: () => 'max(started_at, :endedAt)' })
      .where('instance_id = :instanceId AND run = :run AND ended_at IS NULL', { instanceId, run })
      .setParameter('endedAt', endedAt)
      .execute();
  }

  /** As `endRun`, for a start that came to nothing: a later one may have the same number by now, but not its marker. */
  async endFailedStart(
    instanceId: number,
    run: number,
    marker: string,
    ending: Pick<RunEntity, 'ended_at' | 'exit_code' | 'exit_signal' | 'reason'>,
  ): Promise<void> {
    await this.runRows.update({ instance_id: instanceId, run, marker, ended_at: IsNull() }, ending);
  }

  /** Markers of the runs that are not known to have ended; usually none. */
  async unendedMarkers(instanceId: number): Promise<string[]> {
    const runs = await this.runRows.findBy({ instance_id: instanceId, ended_at: IsNull() });
    return runs.map(({ marker }) => marker);
  }

  findRun(instanceId: number, run: number): Promise<RunEntity | null> {
    return this.runRows.findOneBy({ instance_id: instanceId, run });
  }

  /** Newest first. */
  runs(instanceId: number): Promise<RunEntity[]> {
    return this.runRows.find({ where: { instance_id: instanceId }, order: { run: 'DESC' } });
  }

  private get rows() {
    return this.source.getRepository(InstanceEntity);
  }

  private get runRows() {
    return this.source.getRepository(RunEntity);
  }
}
