import { randomUUID } from 'node:crypto';
import type { OnModuleDestroy } from '@nestjs/common';
import type {
  InstallRecord,
  PackageUpdate,
  RepositoryUpdate,
  UpdateCheck,
} from '../../../contracts/environment.js';
import { allDone } from '../../../core/all-done.js';
import { AppError } from '../../../core/errors.js';
import { killMarkedProcesses } from '../../../host/processes/marked-processes.js';
import type { InstanceRow } from '../../instances/instances.api.js';
import { INSTANCE_MARKER } from '../../instances/instances.api.js';
import { isUpdate } from '../domain/package-output.js';
import type { EnvironmentsParts } from '../environments.service.js';
import { readInstallationNotes } from '../installation-files.js';
import type { Asking } from './git.js';
import { checkPackage, pythonsOf } from './package-check.js';
import { checkRepository } from './repository-check.js';

export interface UpdateCheckParts extends EnvironmentsParts {
  searchPath: string;
  /** For the whole check. */
  timeoutMs: number;
}

/** Asks remotes and registries what an update would bring; nothing of the instance is changed. */
export class UpdateCheckService implements OnModuleDestroy {
  /** By whose files are looked at. */
  private readonly running = new Set<number>();
  private readonly ending = new AbortController();

  constructor(private readonly parts: UpdateCheckParts) {}

  /**
   * One check at a time of the same files; nothing of it is left running, however it ends. What cannot be asked has a
   * sentence of its own, the rest is told all the same.
   * @param signal aborted: nobody waits for the answer any more
   * @throws AppError `not_found`; `conflict` while another check goes on; `unavailable` when it was ended before it was done
   */
  async check(id: number, signal: AbortSignal): Promise<UpdateCheck> {
    const { registry, owners } = this.parts;
    const owner = owners.of(registry.get(id).row);
    if (this.running.has(owner.id)) throw alreadyRunning(owner);
    this.running.add(owner.id);
    const marker = randomUUID();
    const ended = AbortSignal.any([signal, this.ending.signal]);
    try {
      const answer = await this.checkNow(owner, marker, ended);
      if (ended.aborted) throw abandoned(owner);
      return answer;
    } finally {
      await killMarkedProcesses(INSTANCE_MARKER, marker);
      this.running.delete(owner.id);
    }
  }

  /** AiKore ends: nothing waits for checks. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  private async checkNow(owner: InstanceRow, marker: string, signal: AbortSignal): Promise<UpdateCheck> {
    const { paths, timeoutMs, searchPath } = this.parts;
    const home = paths.home(owner.name);
    const env = this.parts.environmentFor(owner, marker);
    const asking: Asking = {
      env,
      searchPath: env['PATH'] ?? searchPath,
      scratchRoot: paths.tmpDir,
      endMs: performance.now() + timeoutMs,
      signal,
    };
    const { record } = await readInstallationNotes(home);
    const [repositories, packages] = await allDone([
      this.checkRepositories(owner, home, record, asking),
      this.checkPackages(owner, home, record, asking),
    ]);
    return { repositories, packages, has_updates: hasUpdates(repositories, packages), checked_at: now() };
  }

  /** Side by side: one that hangs must not take the time of the others. */
  private checkRepositories(
    { id }: InstanceRow,
    home: string,
    record: InstallRecord | null,
    asking: Asking,
  ): Promise<RepositoryUpdate[]> {
    const known = record?.repositories ?? [];
    return allDone(
      known.map((repository, index) =>
        checkRepository(home, repository, `.update-check-${id}-${index}`, asking),
      ),
    );
  }

  private async checkPackages(
    owner: InstanceRow,
    home: string,
    record: InstallRecord | null,
    asking: Asking,
  ): Promise<PackageUpdate[]> {
    const metadata = await this.parts.launchScript.definition(owner);
    if (metadata.package === null) return [];
    const pythons = pythonsOf(home, metadata, asking.searchPath);
    return [await checkPackage(metadata.package, record?.packages ?? {}, pythons, asking)];
  }
}

function hasUpdates(repositories: readonly RepositoryUpdate[], packages: readonly PackageUpdate[]): boolean {
  return (
    repositories.some(({ behind, is_pinned: isPinned }) => behind > 0 && !isPinned) ||
    packages.some(({ installed, latest }) => isUpdate(installed, latest))
  );
}

function now(): string {
  return new Date().toISOString();
}

function alreadyRunning({ name }: InstanceRow): AppError {
  return new AppError(
    'conflict',
    'UPDATE_CHECK_RUNNING',
    `What is new for ${name} is being looked up already. Wait for that to end.`,
  );
}

function abandoned({ name }: InstanceRow): AppError {
  return new AppError(
    'unavailable',
    'UPDATE_CHECK_ENDED',
    `The look for what is new for ${name} was ended before it was done.`,
  );
}
