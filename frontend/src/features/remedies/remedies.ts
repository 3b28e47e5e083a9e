import type { Instance, InstanceUpdate, Remedy } from '../../../../src/contracts/instance.js';
import { isActive } from '../../domain/status.js';
import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import type { SystemStore } from '../../state/system.js';
import { confirmDialog } from '../../ui/dialog.js';
import { openGpuDialog } from './gpu-dialog.js';
import { openVariableDialog } from './variable-dialog.js';

export interface RemedyHost {
  api: Api;
  notices: NoticeStore;
  system: SystemStore;
}

/** Whether this machine has what a remedy needs: who has one GPU cannot choose another. */
export function canApply({ system }: Pick<RemedyHost, 'system'>, remedy: Remedy): boolean {
  return remedy.action !== 'choose_gpu' || system.gpus.length > 1;
}

/** Carries out what a failure offers, after asking for what it needs. What went wrong becomes a toast. */
export function applyRemedy(host: RemedyHost, instance: Instance, remedy: Remedy): void {
  switch (remedy.action) {
    case 'rebuild':
      void reported(host, () => rebuild(host, instance));
      break;
    case 'change_port':
      void reported(host, () => changeAndStart(host, instance, { port: null }));
      break;
    case 'choose_gpu':
      openGpuDialog(instance, host.system.gpus, (gpu_ids) => changeAndStart(host, instance, { gpu_ids }));
      break;
    case 'set_variable':
      openVariableDialog(instance, remedy.variable, (value) =>
        setVariable(host, instance, remedy.variable, value),
      );
  }
}

/** Asks, and has the environment built anew at a start that follows at once unless the instance rests. @throws ApiError */
export async function rebuild(
  { api, notices }: Pick<RemedyHost, 'api' | 'notices'>,
  instance: Instance,
): Promise<void> {
  const isResting = instance.status === 'stopped';
  const isConfirmed = await confirmDialog({
    title: `Rebuild the environment of ${instance.name}?`,
    testId: 'confirm-rebuild',
    paragraphs: [
      'Its installed packages are deleted and installed again, which can take many minutes. Models, outputs and settings stay.',
      isResting
        ? 'This happens at its next start.'
        : isActive(instance.status)
          ? 'It is stopped and started again for that.'
          : 'It is started for that.',
    ],
    confirmLabel: 'Rebuild',
  });
  if (!isConfirmed) return;
  await api.rebuild(instance.id);
  notices.success(
    isResting
      ? `The environment of ${instance.name} is rebuilt at its next start.`
      : `Rebuilding the environment of ${instance.name}.`,
  );
}

/** @param etag that the change must fit, null for any. @throws ApiError */
async function changeAndStart(
  { api, notices }: RemedyHost,
  { id }: Instance,
  change: InstanceUpdate,
  etag: string | null = null,
): Promise<void> {
  const { name, status, port } = await api.updateInstance(id, change, etag);
  await api.command(id, isActive(status) ? 'restart' : 'start');
  const where = change.port === null ? ` on port ${String(port)}` : '';
  notices.success(`Starting ${name}${where}.`);
}

/** Adds to what is stored now, not to what this page knew. @throws ApiError */
async function setVariable(host: RemedyHost, { id }: Instance, name: string, value: string): Promise<void> {
  const { instance, etag } = await host.api.instance(id);
  await changeAndStart(host, instance, { env: { ...instance.env, [name]: value } }, etag);
}

async function reported({ notices }: RemedyHost, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    reportFailure(notices, error);
  }
}
