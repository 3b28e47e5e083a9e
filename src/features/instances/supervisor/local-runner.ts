import { randomUUID } from 'node:crypto';
import { allDone } from '../../../core/all-done.js';
import { PostponedWrites } from '../../../core/database/postponed-writes.js';
import { isDiskFull, messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import { killMarkedProcesses } from '../../../host/processes/marked-processes.js';
import { launchRunner } from '../../../host/runner/runner-launcher.js';
import type { RunnerStarter } from '../../../host/runner/runner-launcher.js';
import { readRunnerRecord } from '../../../host/runner/runner-record.js';
import { MARKER_VARIABLE } from '../domain/environment.js';
import type { DesktopLaunch } from '../desktop/desktop-order.js';
import type { Desktops } from '../desktop/desktops.js';
import type { DroppedOutput } from '../dropped-output.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { RunEntity } from '../run.entity.js';
import type { LaunchScript } from '../launch-script.js';
import type { ConfirmedLeases, Leases } from '../leases/leases.js';
import { launchOrderOf } from './launch-order.js';
import type { ProgramPlaces } from './launch-order.js';
import { LogRotation } from './log-rotation.js';
import { RunFinder, endingOf } from './run-finder.js';
import { makeRunFolders } from './run-folders.js';
import { unknownEnd } from './unknown-end.js';
import type {
  FoundRun,
  MissedEnd,
  RunHandle,
  RunListener,
  RunnerPort,
  StartedRun,
} from './supervisor.ports.js';

export interface LocalRunnerOptions extends ProgramPlaces {
  /** Path of the compiled runner. */
  binary: string;
  starter: RunnerStarter;
  /** Of all logs of an instance together. */
  logMaxBytes: number;
}

/** Runs instances as process trees of this machine, each under a native runner that outlives AiKore. */
export class LocalRunner implements RunnerPort {
  private readonly paths: InstancePaths;
  private readonly rotation: LogRotation;
  private readonly finder: RunFinder;
  private readonly unnotedEnds: PostponedWrites;

  constructor(
    private readonly options: LocalRunnerOptions,
    private readonly files: InstanceFiles,
    private readonly repository: InstanceRepository,
    private readonly script: LaunchScript,
    private readonly leases: Leases,
    private readonly desktops: Desktops,
    dropped: Pick<DroppedOutput, 'note'>,
    private readonly logger: Logger,
  ) {
    const { paths } = files;
    this.paths = paths;
    this.rotation = new LogRotation(paths, options.logMaxBytes);
    this.finder = new RunFinder(paths, repository, script, dropped, logger);
    this.unnotedEnds = new PostponedWrites({
      what: 'the failure of a start',
      fields: {},
      logger,
      onDiskFull: () => undefined,
    });
  }

  async start(row: InstanceEntity, listener: RunListener): Promise<StartedRun> {
    try {
      return await this.startRun(row, listener);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      throw new Error('the disk of the data directory is full. Free some space, then start it again.', {
        cause: error,
      });
    }
  }

  private async startRun(row: InstanceEntity, listenerOfRun: RunListener): Promise<StartedRun> {
    const listener = this.wrapped(row, listenerOfRun);
    await this.finder.endLeftovers(row);
    await makeRunFolders(row, this.files);
    const { port, note, unreachable } = await this.confirmLeases(row);
    const run = row.run + 1;
    const marker = randomUUID();
    const begun: RunEntity = {
      instance_id: row.id,
      run,
      marker,
      started_at: new Date().toISOString(),
      ended_at: null,
      exit_code: null,
      exit_signal: null,
      reason: 'It runs.',
    };
    try {
      // By its marker a run is found again whatever happens; without one nothing is touched or launched.
      await this.repository.beginRun(begun);
      const [definition] = await allDone([this.script.prepare(row), this.rotation.rotate(row.name, row.run)]);
      // One that has nothing but its desktop would run where nobody can get at it.
      if (unreachable !== null && definition.desktop && definition.probe.type === 'process')
        throw unreachable;
      const desktop = await this.desktops.prepare(row, port, definition);
      const isShown = desktop !== null && 'command' in desktop;
      const pid = await this.launch(row, run, marker, port, isShown ? desktop : null);
      const handle = await this.connectToNew(row, run, marker, listener);
      const notes = [
        note,
        unreachable === null ? '' : `Its desktop cannot be reached. ${unreachable.message}`,
        desktop !== null && 'note' in desktop ? desktop.note : '',
      ];
      return { handle, run, pid, port, probe: definition.probe, note: notes.filter(Boolean).join(' ') };
    } catch (error) {
      this.leases.settle(port);
      await this.undoStart(row, run, marker, messageOf(error));
      await this.abandonDesktop(row);
      throw error;
    }
  }

  private wrapped(row: InstanceEntity, listener: RunListener): RunListener {
    return this.withClearing(row, this.withPruning(row, listener));
  }

  /** A run is over when nothing of its desktop is left. */
  private withClearing(row: InstanceEntity, listener: RunListener): RunListener {
    return {
      ...listener,
      onEnded: (ending) => void this.clearDesktop(row).then(() => listener.onEnded(ending)),
    };
  }

  private async confirmLeases(row: InstanceEntity): Promise<ConfirmedLeases> {
    try {
      return await this.leases.confirm(row);
    } catch (error) {
      await this.abandonDesktop(row);
      throw error;
    }
  }

  private async abandonDesktop(row: InstanceEntity): Promise<void> {
    await this.desktops.abandon(row).catch(() => undefined);
  }

  private async clearDesktop(row: InstanceEntity): Promise<void> {
    await this.desktops.abandon(row).catch((error: unknown) => {
      this.logger.warn('what a desktop left behind could not be removed', { instance: row.id, error });
    });
  }

  /** Looks after the logs of earlier runs at the first word of a run, and whenever another segment of it has been filled. */
  private withPruning(row: InstanceEntity, listener: RunListener): RunListener {
    let atBytes = 0;
    return {
      ...listener,
      onOutput: (sizeBytes, run) => {
        if (sizeBytes >= atBytes) {
          atBytes = sizeBytes + this.rotation.segmentBytes / 2;
          this.pruneLogs(row, run);
        }
        listener.onOutput(sizeBytes, run);
      },
    };
  }

  private pruneLogs(row: InstanceEntity, run: number): void {
    this.rotation.prune(row.name, run).catch((error: unknown) => {
      this.logger.warn('old logs could not be removed', { instance: row.id, error });
    });
  }

  private launch(
    row: InstanceEntity,
    run: number,
    marker: string,
    port: number,
    desktop: DesktopLaunch | null,
  ): Promise<number> {
    const { segmentBytes, limitBytes: keepBytes } = this.rotation;
    const order = launchOrderOf(row, this.files, this.options, {
      run,
      marker,
      port,
      segmentBytes,
      keepBytes,
      desktop,
    });
    return launchRunner(this.options.binary, order, this.options.starter);
  }

  /** A script may come to its end, and its runner with it, before anybody could speak with it: the record tells. */
  private async connectToNew(
    row: InstanceEntity,
    run: number,
    marker: string,
    listener: RunListener,
  ): Promise<RunHandle> {
    try {
      return await this.finder.connect(row, run, listener);
    } catch (error) {
      const record = await readRunnerRecord(this.paths.record(row.id));
      if (record?.state !== 'ended' || record.marker !== marker) throw error;
      listener.onEnded(endingOf(record));
      return { terminate: () => undefined, killTree: () => undefined, release: () => undefined };
    }
  }

  /** Nothing of a start that failed may run, and its history must not say that it does. */
  private async undoStart(row: InstanceEntity, run: number, marker: string, why: string): Promise<void> {
    // What cannot be ended keeps its marker: the next start has to end it first.
    if ((await killMarkedProcesses(MARKER_VARIABLE, marker)) > 0) return;
    const { exitCode, exitSignal, endedAt } = unknownEnd('');
    const reason = `It could not be started: ${why}`;
    const end = {
      ended_at: endedAt.toISOString(),
      exit_code: exitCode,
      exit_signal: exitSignal,
      reason,
    };
    await this.unnotedEnds.run(`${row.id} ${run} ${marker}`, () =>
      this.repository.endFailedStart(row.id, run, marker, end),
    );
  }

  async find(row: InstanceEntity, listener: RunListener): Promise<FoundRun | MissedEnd | null> {
    const found = await this.finder.find(row, this.wrapped(row, listener));
    if (found === null || !('handle' in found)) await this.clearDesktop(row);
    return found;
  }
}
