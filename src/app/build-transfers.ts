import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Config } from '../core/config/config.js';
import type { DiskWatch } from '../core/disk/disk-watch.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { exists } from '../host/files/exists.js';
import { findProgram } from '../host/files/find-program.js';
import { checkSettings } from '../features/instances/settings/instance-rules.js';
import { ArchiveStore } from '../features/transfers/archive-store.js';
import { ArchiveUpload } from '../features/transfers/archive-upload.js';
import { Cloning } from '../features/transfers/cloning.js';
import type { Relocation } from '../features/transfers/domain/transfer-job.js';
import { Exporting } from '../features/transfers/exporting.js';
import { ArchivesController } from '../features/transfers/http/archives.controller.js';
import { OperationsController } from '../features/transfers/http/operations.controller.js';
import { Importing } from '../features/transfers/importing.js';
import { Operations } from '../features/transfers/operations.js';
import { Sources } from '../features/transfers/sources.js';
import { TransferProgram } from '../features/transfers/transfer-program.js';
import type { InstancesParts } from './build-instances.js';
import { programFiles } from './program-files.js';
import { searchPath } from './search-path.js';

export const transferControllers = [OperationsController, ArchivesController];

export interface TransfersNeeds {
  config: Config;
  instances: InstancesParts;
  hub: EventHub;
  disk: DiskWatch;
  version: string;
  logger: Logger;
}

/** Cloning, exporting and importing, put together. */
export interface TransfersParts {
  operations: Operations;
  archives: ArchiveStore;
  providers: Provider[];
}

export function buildTransfers(needs: TransfersNeeds): TransfersParts {
  const { config, instances, hub, disk, version, logger } = needs;
  const { paths, registry, owners, script, arrivals } = instances;
  const operations = new Operations({ hub, logger, onDiskFull: () => disk.noteRefusal() });
  const root = join(config.dataDir, 'archives');
  const archives = new ArchiveStore({ root, hub, isInUse: (name) => operations.isUsing(name) });
  const program = new TransferProgram({ program: programFiles.transfer, searchPath, logger });
  const sources = new Sources(registry, owners, script);
  const shared = { operations, paths, program, arrivals, archives, sources, relocation };
  const provided: [abstract new (...args: never[]) => unknown, unknown][] = [
    [Operations, operations],
    [ArchiveStore, archives],
    [ArchiveUpload, new ArchiveUpload(archives, root)],
    [Cloning, new Cloning(shared)],
    [Exporting, new Exporting({ ...shared, version })],
    [Importing, new Importing({ ...shared, checkSettings })],
  ];
  const providers = provided.map(([provide, useValue]) => ({ provide, useValue }) as Provider);
  return { operations, archives, providers };
}

/** Without a Python there is no environment whose paths could be rewritten. */
async function relocation(from: string, to: string): Promise<Relocation | null> {
  const python = findProgram(searchPath, 'python3');
  const helper = programFiles.relocateEnvironment;
  return python === null || !(await exists(helper)) ? null : { python, helper, from, to };
}
