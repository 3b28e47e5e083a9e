import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import { loadPart } from '../../net/load-part.js';
import { reportFailure } from '../../state/report-error.js';
import type { RemedyHost } from './remedy-host.js';

/** Whether this machine has what a remedy needs: who has one GPU cannot choose another. */
export function canApply({ system }: Pick<RemedyHost, 'system'>, remedy: Remedy): boolean {
  return remedy.action !== 'choose_gpu' || system.gpus.length > 1;
}

/** Carries out what a failure offers, after asking for what it needs. What went wrong becomes a toast. */
export function applyRemedy(host: RemedyHost, instance: Instance, remedy: Remedy): void {
  // Nobody needs its dialogs before something failed.
  loadPart(() => import('./apply-remedy.js'))
    .then(({ applyNow }) => applyNow(host, instance, remedy))
    .catch((error: unknown) => reportFailure(host.notices, error));
}
