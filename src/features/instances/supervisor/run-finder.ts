import type { Logger } from '../../../core/logging.js';
import { currentBootId, isAlive } from '../../../host/processes/process-identity.js';
import { killMarkedProcesses } from '../../../host/processes/marked-processes.js';
import { processEyes } from '../../../host/processes/current-eyes.js';
import { isRunnerOf } from '../../../host/runner/is-runner-of.js';
import { readRunnerRecord } from '../../../host/runner/runner-record.js';
import type { RunnerRecord } from '../../../host/runner/runner-record.js';
import { MARKER_VARIABLE } from '../domain/environment.js';
import { droppedNote } from '../dropped-note.js';
import { isActive } from '../domain/lifecycle.js';
import type { DroppedOutput } from '../dropped-output.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { LaunchScript } from '../launch-script.js';
import { RunnerChannel } from './runner-channel.js';
import type { RunnerChannelParts } from './runner-channel.js';
import { unknownEnd } from './unknown-end.js';
import type { FoundRun, MissedEnd, RunHandle, RunListener } from './supervisor.ports.js';

/** Finds what runs, or how it ended, from the records that runners keep and the markers in the database. */
export class RunFinder {
  constructor(
    private readonly paths: InstancePaths,
    private readonly repository: InstanceRepository,
    private readonly script: LaunchScript,
    private readonly dropped: Pick<DroppedOutput, 'note'>,
    private readonly logger: Logger,
  ) {}

  async find(row: InstanceEntity, listener: RunListener): Promise<FoundRun | MissedEnd | null> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    if (record?.state === 'running' && runnerLives(record)) {
      try {
        return await this.adopt(row, record, await this.connect(row, record.run, listener));
      } catch (error) {
        // It may have ended between the look at its record and the call; otherwise it is spoken with when it answers.
        this.logger.warn('a living runner does not answer', { instance: row.id, error });
        if (runnerLives(record))
          return this.adopt(row, record, RunnerChannel.seek(this.channelOf(row, record.run, listener)));
      }
    }
    return isActive(row.status) ? this.missedEnd(row) : null;
  }

  private async adopt(row: InstanceEntity, record: RunnerRecord, handle: RunHandle): Promise<FoundRun> {
    const pid = record.pid ?? 0;
    const { probe } = await this.script.definition(row);
    return {
      handle,
      run: record.run,
      pid,
      port: await this.portOf(row, pid),
      startedAt: record.startedAt ?? new Date(),
      probe,
    };
  }

  /** The row may have been given another since. */
  private async portOf(row: InstanceEntity, pid: number): Promise<number> {
    const given = await processEyes()
      .variableOf(pid, 'WEBUI_PORT')
      .catch((error: unknown) =>
        this.logger.warn('the port of a run cannot be read', { instance: row.id, error }),
      );
    return Number(given ?? row.port);
  }

  /** What became of a run whose runner is gone. */
  private async missedEnd(row: InstanceEntity): Promise<MissedEnd> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    // While a start is under way the row has no pid yet, and the record may still be the one of the run before.
    const wasLaunched = row.pid !== null || (record !== null && record.run > row.run);
    if (!wasLaunched) return this.neverLaunched(row);
    const wasAsked = record?.isStopRequested === true && row.status !== 'stopping';
    return { run: record?.run ?? row.run, ending: await this.endOfLaunched(row), hasRun: true, wasAsked };
  }

  private async endOfLaunched(row: InstanceEntity): Promise<MissedEnd['ending']> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    if (record?.state === 'ended') return endingOf(record);
    await this.endLeftovers(row);
    return unknownEnd(noteOf(record));
  }

  /** AiKore itself ended between the decision to start and the launch. */
  private async neverLaunched(row: InstanceEntity): Promise<MissedEnd> {
    await this.endLeftovers(row);
    const begun = await this.repository.findRun(row.id, row.run + 1);
    const ending = unknownEnd('AiKore ended before it could start it.');
    return { run: begun === null ? row.run : begun.run, ending, hasRun: false, wasAsked: false };
  }

  /**
   * Ends what an earlier run left behind after its runner was killed: two copies must never share a GPU. The record lies
   * where the application can delete it, so the markers are the database's too.
   */
  async endLeftovers(row: InstanceEntity): Promise<void> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    const isUnfinished = record?.state === 'running';
    if (isUnfinished && runnerLives(record))
      throw new Error('An earlier run of it is still alive. Restart AiKore, which then finds it again.');
    const markers = new Set(await this.repository.unendedMarkers(row.id));
    if (isUnfinished && record.marker !== '') markers.add(record.marker);
    for (const marker of markers) await endMarked(marker);
  }

  /** @throws a system error such as ENOENT or ECONNREFUSED when no runner listens */
  connect(row: InstanceEntity, run: number, listener: RunListener): Promise<RunHandle> {
    return RunnerChannel.open(this.channelOf(row, run, listener));
  }

  private channelOf(row: InstanceEntity, run: number, listener: RunListener): RunnerChannelParts {
    const livingRunner = async (): Promise<number | null> => {
      const record = await readRunnerRecord(this.paths.record(row.id));
      const isMeant = record?.state === 'running' && record.run === run && runnerLives(record);
      return isMeant ? record.runnerPid : null;
    };
    return {
      instanceId: row.id,
      run,
      socket: this.paths.socket(row.id),
      listener,
      onDropped: (droppedBytes) => this.dropped.note(row.id, run, droppedBytes),
      livingRunner,
      settle: () => this.endOfLaunched(row),
      endByForce: async () => {
        for (const marker of await this.repository.unendedMarkers(row.id)) await endMarked(marker);
      },
      logger: this.logger,
    };
  }
}

/** @throws Error when something cannot be ended */
async function endMarked(marker: string): Promise<void> {
  const left = await killMarkedProcesses(MARKER_VARIABLE, marker);
  if (left > 0) throw new Error(`${left} processes of an earlier run cannot be ended.`);
}

export function endingOf(record: RunnerRecord): MissedEnd['ending'] {
  const { exitCode, exitSignal, oomKills, oomSource, endedAt, droppedBytes } = record;
  const note = droppedNote(droppedBytes);
  return { exitCode, exitSignal, oomKills, oomSource, endedAt: endedAt ?? new Date(), note };
}

function noteOf(record: RunnerRecord | null): string {
  if (record?.state === 'failed') return `It could not be started: ${record.error}`;
  return record === null || record.bootId === currentBootId()
    ? 'What watched over it was ended from outside.'
    : 'The machine was restarted while it ran.';
}

/** Applications can write the record: what it names is a runner only when it was started as the one of this run. */
function runnerLives({
  bootId,
  runnerPid: pid,
  runnerStartTicks: startTicks,
  marker,
}: RunnerRecord): boolean {
  return isAlive({ bootId, pid, startTicks }) && isRunnerOf(pid, marker);
}
