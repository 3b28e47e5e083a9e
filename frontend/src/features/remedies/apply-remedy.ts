import type { Instance, InstanceUpdate, Remedy } from '../../../../src/contracts/instance.js';
import { isActive } from '../../domain/status.js';
import { reportFailure } from '../../state/report-error.js';
import { openGpuDialog } from './gpu-dialog.js';
import { rebuild } from './rebuild.js';
import type { RemedyHost } from './remedy-host.js';
import { openVariableDialog } from './variable-dialog.js';

/** Carries out what a failure offers, after asking for what it needs. What went wrong becomes a toast. */
export function applyNow(host: RemedyHost, instance: Instance, remedy: Remedy): void {
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
