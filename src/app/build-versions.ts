import type { Provider } from '@nestjs/common';
import type { SystemService } from '../features/system/system.service.js';
import type { Machine } from '../features/versions/domain/facts.js';
import { VersionsController } from '../features/versions/http/versions.controller.js';
import { VersionCheckService } from '../features/versions/version-check.service.js';
import type { InstancesParts } from './build-instances.js';
import { programFiles } from './program-files.js';
import { searchPath } from './search-path.js';

/** Loading torch from a slow disk takes a minute; nobody waits longer than two. */
const VERSION_CHECK_TIMEOUT_MS = 120_000;

export const versionControllers = [VersionsController];

/** Everything about versions, put together. */
export function buildVersions(instances: InstancesParts, system: SystemService): Provider[] {
  const { registry, paths, owners, script: launchScript, environmentFor } = instances;
  const service = new VersionCheckService({
    registry,
    paths,
    owners,
    launchScript,
    environmentFor,
    machine: () => describeMachine(system),
    script: programFiles.versionCheck,
    searchPath,
    timeoutMs: VERSION_CHECK_TIMEOUT_MS,
  });
  return [{ provide: VersionCheckService, useValue: service }];
}

async function describeMachine(system: SystemService): Promise<Machine> {
  const info = await system.info({ dashboard: '', apps: '', published: '' });
  return {
    os: info.os,
    kernel: info.kernel,
    cpuModel: info.cpu_model,
    cpuCount: info.cpu_count,
    memoryTotalBytes: info.memory_total_bytes,
    gpus: info.gpus.map(({ index, vendor, name, memory_total_bytes: memoryTotalBytes }) => ({
      index,
      vendor,
      name,
      memoryTotalBytes,
    })),
  };
}
