/** Long work on instances' files, archives and environments: one chunk, loaded with the first of them. */
import type { Instance } from '../../../src/contracts/instance.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { EnvironmentTool } from '../features/environment/environment-tool.js';
import { openUpdateDialog } from '../features/environment/update-dialog.js';
import { rebuild } from '../features/remedies/rebuild.js';
import { openArchivesDialog } from '../features/transfers/archives-dialog.js';
import { openCloneDialog } from '../features/transfers/clone-dialog.js';
import { openExportDialog } from '../features/transfers/export-dialog.js';
import { OutcomeTeller } from '../features/transfers/outcome-teller.js';
import { openSatelliteDialog } from '../features/transfers/satellite-dialog.js';
import { openTasksDialog } from '../features/transfers/tasks-dialog.js';
import type { TransferHost } from '../features/transfers/transfer-host.js';
import { WorkBadge } from '../features/transfers/work-badge.js';
import { DeletionList } from '../features/trash/deletion-list.js';
import { TransferApi } from '../net/transfer-api.js';
import { environmentsOf } from '../state/environments.js';
import { uploadsOf } from '../state/uploads.js';
import type { Services } from './services.js';

/** What the rest of the page does for it. */
export interface WorkPage {
  services: Services;
  reveal(instance: Instance): void;
  openTrash(): void;
}

/** Dialogs about one instance, as its actions ask for them. */
export type InstanceDialog = 'clone' | 'satellite' | 'export' | 'update' | 'rebuild';

/** @throws ApiError for a rebuild that the server refuses */
export async function openInstanceDialog(
  page: WorkPage,
  dialog: InstanceDialog,
  instance: Instance,
): Promise<void> {
  const { services } = page;
  const host = hostOf(page);
  if (dialog === 'clone') openCloneDialog(host, instance);
  else if (dialog === 'satellite') openSatelliteDialog(host, instance);
  else if (dialog === 'export') openExportDialog(host, instance);
  else if (dialog === 'update')
    openUpdateDialog({ ...services, environments: environmentsOf(services.api) }, instance);
  else await rebuild(services, instance);
}

export function openTasks(page: WorkPage): void {
  openTasksDialog(hostOf(page), new DeletionList());
}

export function openArchives(page: WorkPage): void {
  openArchivesDialog(hostOf(page));
}

/** The badge of the top bar, and what tells how operations end. */
export function followWork(page: WorkPage, place: HTMLElement): Disposable {
  const host = hostOf(page);
  const resources = new DisposableStore();
  const badge = resources.add(new WorkBadge(host));
  place.append(badge.element);
  resources.add(new OutcomeTeller(host));
  return resources;
}

export function environmentTool(services: Services): EnvironmentTool {
  const { api, notices, instances, scripts, versionChecks, wishes } = services;
  return new EnvironmentTool({
    ...{ api, notices, instances },
    environments: environmentsOf(api),
    checks: versionChecks,
    check: (id, signal) => scripts.checkVersions(id, signal),
    rebuild: (instance) => wishes.fire({ actionId: 'instance.rebuild', instance }),
    update: (instance) => wishes.fire({ actionId: 'instance.update', instance }),
  });
}

function hostOf(page: WorkPage): TransferHost {
  const { services } = page;
  return {
    ...services,
    transferApi: new TransferApi(services.api),
    uploads: uploadsOf(services.api),
    reveal: (instance) => page.reveal(instance),
    openTrash: () => page.openTrash(),
    openTasks: () => openTasks(page),
    openArchives: () => openArchives(page),
  };
}
