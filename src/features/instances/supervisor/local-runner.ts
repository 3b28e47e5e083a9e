import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { allDone } from '../../../core/all-done.js';
import { messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import { currentBootId, isAlive } from '../../../host/processes/process-identity.js';
import { killMarkedProcesses } from '../../../host/processes/marked-processes.js';
import { startVariableOf } from '../../../host/processes/process-environment.js';
import { launchRunner } from '../../../host/runner/runner-launcher.js';
import { readRunnerRecord } from '../../../host/runner/runner-record.js';
import type { RunnerRecord } from '../../../host/runner/runner-record.js';
import { MARKER_VARIABLE, buildEnvironment } from '../domain/environment.js';
import { isActive } from '../domain/lifecycle.js';
import { splitLaunchArgs } from '../domain/launch-args.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { RunEntity } from '../run.entity.js';
import type { LaunchScript } from '../launch-script.js';
import type { PortLeases } from '../port-leases.js';
import { LogRotation } from './log-rotation.js';
import { RunnerChannel } from './runner-channel.js';
import type {
  FoundRun,
  MissedEnd,
  RunHandle,
  RunListener,
  RunnerPort,
  StartedRun,
} from './supervisor.ports.js';

export interface LocalRunnerOptions {
  /** Path of the compiled runner. */
  binary: string;
  functionsFile: string;
  programDir: string;
  dataDir: string;
}

/** Runs instances as process trees of this machine, each under a native runner that outlives AiKore. */
export class LocalRunner implements RunnerPort {
  private readonly rotation: LogRotation;

  constructor(
    private readonly options: LocalRunnerOptions,
    private readonly paths: InstancePaths,
    private readonly repository: InstanceRepository,
    private readonly script: LaunchScript,
    private readonly ports: PortLeases,
    private readonly logger: Logger,
  ) {
    this.rotation = new LogRotation(paths);
  }

  async start(row: InstanceEntity, listener: RunListener): Promise<StartedRun> {
    await this.endLeftovers(row);
    await this.makeFolders(row);
    const { port, note } = await this.ports.confirm(row);
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
      const [definition] = await allDone([
        this.script.prepare(row),
        this.rotation.rotate(row.name, row.run),
        this.repository.beginRun(begun),
      ]);
      const pid = await this.launch(row, run, marker, port);
      const handle = await this.connectToNew(row, run, marker, listener);
      this.pruneLogs(row);
      return { handle, run, pid, port, probe: definition.probe, note };
    } catch (error) {
      this.ports.settle(port);
      await this.undoStart(row, run, marker, messageOf(error));
      throw error;
    }
  }

  private pruneLogs(row: InstanceEntity): void {
    this.rotation.prune(row.name, row.run).catch((error: unknown) => {
      this.logger.warn('old logs could not be removed', { instance: row.id, error });
    });
  }

  private launch(row: InstanceEntity, run: number, marker: string, port: number): Promise<number> {
    return launchRunner(this.options.binary, {
      files: {
        record: this.paths.record(row.id),
        socket: this.paths.socket(row.id),
        log: this.paths.log(row.name),
        times: this.paths.logTimes(row.name),
      },
      run,
      marker,
      cwd: this.paths.home(row.name),
      env: this.environment(row, port, marker),
      command: ['bash', this.paths.script(row.name), ...splitLaunchArgs(row.launch_args)],
    });
  }

  /** A script may come to its end, and its runner with it, before anybody could speak with it: the record tells. */
  private async connectToNew(
    row: InstanceEntity,
    run: number,
    marker: string,
    listener: RunListener,
  ): Promise<RunHandle> {
    try {
      return await this.connect(row, run, listener);
    } catch (error) {
      const record = await readRunnerRecord(this.paths.record(row.id));
      if (record?.state !== 'ended' || record.marker !== marker) throw error;
      listener.onEnded(endingOf(record));
      return { terminate: () => undefined, killTree: () => undefined, release: () => undefined };
    }
  }

  /** Nothing of a start that failed may run, and its history must not say that it does. */
  private async undoStart(row: InstanceEntity, run: number, marker: string, why: string): Promise<void> {
    await killMarkedProcesses(MARKER_VARIABLE, marker);
    const { exitCode, exitSignal, endedAt } = unknownEnd('');
    const reason = `It could not be started: ${why}`;
    await this.repository
      .endRun(row.id, run, {
        ended_at: endedAt.toISOString(),
        exit_code: exitCode,
        exit_signal: exitSignal,
        reason,
      })
      .catch((error: unknown) =>
        this.logger.error('a failed start could not be noted', { instance: row.id, error }),
      );
  }

  async find(row: InstanceEntity, listener: RunListener): Promise<FoundRun | MissedEnd | null> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    if (record?.state === 'running' && runnerLives(record)) {
      try {
        return await this.adopt(row, record, listener);
      } catch (error) {
        // It may have ended between the look at its record and the call.
        this.logger.warn('a living runner does not answer', { instance: row.id, error });
        if (runnerLives(record))
          throw new Error(
            `A run of it is still alive, but its runner (pid ${record.runnerPid}) does not answer. End that process to be able to start it again.`,
            { cause: error },
          );
      }
    }
    return isActive(row.status) ? this.missedEnd(row) : null;
  }

  private async adopt(row: InstanceEntity, record: RunnerRecord, listener: RunListener): Promise<FoundRun> {
    const pid = record.pid ?? 0;
    const { probe } = await this.script.definition(row);
    return {
      handle: await this.connect(row, record.run, listener),
      run: record.run,
      pid,
      port: Number(startVariableOf(pid, 'WEBUI_PORT') ?? row.port),
      startedAt: record.startedAt ?? new Date(),
      probe,
    };
  }

  /** What became of a run whose runner is gone. */
  private async missedEnd(row: InstanceEntity): Promise<MissedEnd> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    // While a start is under way the row has no pid yet, and the record may still be the one of the run before.
    const wasLaunched = row.pid !== null || (record !== null && record.run > row.run);
    if (!wasLaunched) return this.neverLaunched(row);
    return { run: record?.run ?? row.run, ending: await this.endOfLaunched(row), hasRun: true };
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
    return { run: begun === null ? row.run : begun.run, ending, hasRun: false };
  }

  /**
   * Ends what an earlier run left behind after its runner was killed: two copies must never share a GPU. The record lies
   * where the application can delete it, so the markers are the database's too.
   */
  private async endLeftovers(row: InstanceEntity): Promise<void> {
    const record = await readRunnerRecord(this.paths.record(row.id));
    const isUnfinished = record?.state === 'running';
    if (isUnfinished && runnerLives(record))
      throw new Error('An earlier run of it is still alive. Restart AiKore, which then finds it again.');
    const markers = new Set(await this.repository.unendedMarkers(row.id));
    if (isUnfinished && record.marker !== '') markers.add(record.marker);
    for (const marker of markers) await endMarked(marker);
  }

  private connect(row: InstanceEntity, run: number, listener: RunListener): Promise<RunHandle> {
    return RunnerChannel.open({
      instanceId: row.id,
      run,
      socket: this.paths.socket(row.id),
      listener,
      isRunnerAlive: async () => {
        const record = await readRunnerRecord(this.paths.record(row.id));
        return record?.state === 'running' && record.run === run && runnerLives(record);
      },
      settle: () => this.endOfLaunched(row),
      endByForce: async () => {
        for (const marker of await this.repository.unendedMarkers(row.id)) await endMarked(marker);
      },
      logger: this.logger,
    });
  }

  private async makeFolders(row: InstanceEntity): Promise<void> {
    const folders = [
      this.paths.home(row.name),
      this.paths.outputs(row.name, row.output_path),
      this.paths.tmpDir,
      this.paths.modelsDir,
    ];
    const making = folders.map((folder) =>
      mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw new Error(
          `the folder ${folder} cannot be made (${messageOf(error)}). Look what is in its place.`,
        );
      }),
    );
    await Promise.all(making);
    await mkdir(this.paths.runDir(row.id), { recursive: true, mode: 0o700 });
  }

  private environment(row: InstanceEntity, port: number, marker: string): Record<string, string> {
    return buildEnvironment(process.env, {
      instanceName: row.name,
      instanceDir: this.paths.home(row.name),
      outputDir: this.paths.outputs(row.name, row.output_path),
      webuiPort: port,
      baseBlueprint: row.base_blueprint,
      slug: row.slug,
      gpuIds: row.gpu_ids,
      tmpDir: this.paths.tmpDir,
      functionsFile: this.options.functionsFile,
      modelsDir: this.paths.modelsDir,
      dataDir: this.options.dataDir,
      programDir: this.options.programDir,
      marker,
      ownEnv: row.env,
    });
  }
}

/** @throws Error when something cannot be ended */
async function endMarked(marker: string): Promise<void> {
  const left = await killMarkedProcesses(MARKER_VARIABLE, marker);
  if (left > 0) throw new Error(`${left} processes of an earlier run cannot be ended.`);
}

function endingOf({ exitCode, exitSignal, endedAt }: RunnerRecord): MissedEnd['ending'] {
  return { exitCode, exitSignal, endedAt: endedAt ?? new Date(), note: '' };
}

function unknownEnd(note: string): MissedEnd['ending'] {
  return { exitCode: null, exitSignal: null, endedAt: new Date(), note };
}

function noteOf(record: RunnerRecord | null): string {
  if (record?.state === 'failed') return `It could not be started: ${record.error}`;
  return record === null || record.bootId === currentBootId()
    ? 'What watched over it was ended from outside.'
    : 'The machine was restarted while it ran.';
}

function runnerLives(record: RunnerRecord): boolean {
  return isAlive({ bootId: record.bootId, pid: record.runnerPid, startTicks: record.runnerStartTicks });
}
