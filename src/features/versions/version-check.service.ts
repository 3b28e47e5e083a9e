import { randomUUID } from 'node:crypto';
import { delimiter, join } from 'node:path';
import type { OnModuleDestroy } from '@nestjs/common';
import type { VersionCheck } from '../../contracts/versions.js';
import { allDone } from '../../core/all-done.js';
import { AppError } from '../../core/errors.js';
import { findProgram } from '../../host/files/find-program.js';
import { isFolder } from '../../host/files/exists.js';
import { killMarkedProcesses } from '../../host/processes/marked-processes.js';
import { runProgram } from '../../host/processes/run-program.js';
import type {
  FilesOwners,
  InstancePaths,
  InstanceRegistry,
  InstanceRow,
  LaunchScript,
} from '../instances/instances.api.js';
import { INSTANCE_MARKER } from '../instances/instances.api.js';
import { readConflicts } from './domain/conflicts.js';
import { readDriver } from './domain/driver.js';
import type { Driver } from './domain/driver.js';
import type { Machine } from './domain/facts.js';
import { askConflicts, askPackages, askTorch } from './environment-check.js';
import type { Asking } from './environment-check.js';
import { brokenSentence, findEnvironment } from './find-environment.js';
import type { FoundEnvironment } from './find-environment.js';
import { versionReport } from './version-report.js';
import type { Gathered } from './version-report.js';

export interface VersionCheckParts {
  registry: InstanceRegistry;
  paths: InstancePaths;
  owners: FilesOwners;
  launchScript: LaunchScript;
  machine: () => Promise<Machine>;
  /** What the instance's own processes get, with a mark by which they are found again. */
  environmentFor: (row: InstanceRow, marker: string) => Record<string, string>;
  /** Path of version-check.py. */
  script: string;
  searchPath: string;
  /** For the whole check. */
  timeoutMs: number;
}

const DRIVER_TIMEOUT_MS = 10_000;
const MAX_DRIVER_BYTES = 256 * 1024;

/** Says what is installed in the environments of instances, and what of it does not fit together. */
export class VersionCheckService implements OnModuleDestroy {
  private readonly running = new Set<number>();
  private readonly ending = new AbortController();

  constructor(private readonly parts: VersionCheckParts) {}

  /**
   * One check of an instance at a time; nothing of it is left running, however it ends.
   * @param signal aborted: nobody waits for the answer any more
   * @throws AppError `not_found`; `conflict` while another check of the instance runs; `timed_out`; `unavailable` when it
   * was ended before it was done
   */
  async check(id: number, signal: AbortSignal): Promise<VersionCheck> {
    const { row } = this.parts.registry.get(id);
    if (this.running.has(id)) throw alreadyRunning(row);
    this.running.add(id);
    const marker = randomUUID();
    const ended = AbortSignal.any([signal, this.ending.signal]);
    try {
      const answer = await this.checkNow(row, marker, ended);
      // What was cut off would look as if the environment were broken.
      if (ended.aborted) throw abandoned(row);
      return answer;
    } finally {
      await killMarkedProcesses(INSTANCE_MARKER, marker);
      this.running.delete(id);
    }
  }

  /** AiKore ends: nothing waits for checks. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  private async checkNow(row: InstanceRow, marker: string, signal: AbortSignal): Promise<VersionCheck> {
    const beganMs = performance.now();
    const home = this.parts.paths.home(this.parts.owners.of(row).name);
    const metadata = await this.parts.launchScript.definition(row);
    const env = this.parts.environmentFor(row, marker);
    const found = await findEnvironment(home, metadata, env['PATH'] ?? this.parts.searchPath);
    const endMs = beganMs + this.parts.timeoutMs;
    const [machine, driver, gathered] = await allDone([
      this.parts.machine(),
      this.askDriver(signal),
      this.gather(found, { home, env, endMs, signal }),
    ]);
    const tookMs = Math.round(performance.now() - beganMs);
    return versionReport({ ...gathered, machine, driver, gpuIds: row.gpu_ids, tookMs });
  }

  private async gather(
    found: FoundEnvironment,
    {
      home,
      env,
      ...limits
    }: { home: string; env: Record<string, string> } & Pick<Asking, 'endMs' | 'signal'>,
  ): Promise<Gathered> {
    const nothing = { environment: found, packages: null, torch: null, conflicts: null };
    if (found.python === null) return nothing;
    const asking: Asking = {
      ...limits,
      python: found.python,
      script: this.parts.script,
      uv: findProgram(this.parts.searchPath, 'uv'),
      cwd: (await isFolder(home)) ? home : '/',
      env: activated(env, found),
    };
    const packages = await askPackages(asking);
    if (packages === null)
      return { ...nothing, environment: { ...found, state: 'broken', message: brokenSentence(found.path) } };
    const [torch, output] = await allDone([
      packages.packages.has('torch') ? askTorch(asking) : Promise.resolve(null),
      askConflicts(asking, packages),
    ]);
    const conflicts = output === null ? null : { ...output, list: readConflicts(output.text) };
    return { environment: found, packages, torch, conflicts };
  }

  /** @returns null without a driver, or with one that does not answer */
  private async askDriver(signal: AbortSignal): Promise<Driver | null> {
    const program = findProgram(this.parts.searchPath, 'nvidia-smi');
    if (program === null) return null;
    const outcome = await runProgram({
      program,
      args: [],
      env: { PATH: this.parts.searchPath, LC_ALL: 'C' },
      timeoutMs: DRIVER_TIMEOUT_MS,
      maxOutputBytes: MAX_DRIVER_BYTES,
      signal,
    });
    return outcome.ending === 'ended' && outcome.exitCode === 0 ? readDriver(outcome.stdout) : null;
  }
}

/** As after `source bin/activate`. */
function activated(
  env: Readonly<Record<string, string>>,
  { folder, kind }: FoundEnvironment,
): Record<string, string> {
  const quiet = { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  if (folder === null) return quiet;
  const path = [join(folder, 'bin'), env['PATH'] ?? ''].join(delimiter);
  return { ...quiet, PATH: path, [kind === 'conda' ? 'CONDA_PREFIX' : 'VIRTUAL_ENV']: folder };
}

function alreadyRunning(row: InstanceRow): AppError {
  return new AppError(
    'conflict',
    'VERSION_CHECK_RUNNING',
    `The versions of ${row.name} are being checked already. Wait for that to end.`,
  );
}

function abandoned(row: InstanceRow): AppError {
  return new AppError(
    'unavailable',
    'VERSION_CHECK_ENDED',
    `The check of ${row.name} was ended before it was done.`,
  );
}
