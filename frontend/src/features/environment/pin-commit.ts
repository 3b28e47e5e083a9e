import type { Instance } from '../../../../src/contracts/instance.js';
import { shortRef } from '../../domain/environment.js';
import { isActive } from '../../domain/status.js';
import { reportFailure } from '../../state/report-error.js';
import type { EnvironmentHost } from './environment-host.js';

/** Pins the source of an environment's owner to a commit, or frees it for null. It counts at the next start. */
export async function pinTo(
  { api, notices, environments }: EnvironmentHost,
  ownerId: number,
  shownId: number,
  ref: string | null,
): Promise<void> {
  try {
    const { etag } = await api.instance(ownerId);
    const { name, status } = await api.updateInstance(ownerId, { git_ref: ref }, etag);
    const what = ref === null ? `${name} is not pinned any more.` : `${name} is pinned to ${shortRef(ref)}.`;
    notices.success(`${what} It counts at its next start${isActive(status) ? ', with Restart' : ''}.`);
    await environments.load(shownId);
  } catch (error) {
    reportFailure(notices, error);
  }
}

/** Whose environment it is, where that is another one. */
export function ownerOf(
  { instances }: Pick<EnvironmentHost, 'instances'>,
  { parent_instance_id: id }: Instance,
): Instance | null {
  return id === null ? null : instances.get(id);
}
