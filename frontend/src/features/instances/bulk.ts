import type { Instance } from '../../../../src/contracts/instance.js';
import { describeDone, describeFailure, listNames, roundsOf, shareOf } from '../../domain/bulk.js';
import type { BulkVerb, Share } from '../../domain/bulk.js';
import type { ActionRegistry } from '../../actions/registry.js';
import type { Api } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import type { NoticeStore } from '../../state/notices.js';
import { errorDetail } from '../../state/report-error.js';
import { confirmDialog } from '../../ui/dialog.js';

export interface BulkParts {
  api: Pick<Api, 'command' | 'deleteInstance'>;
  registry: ActionRegistry;
  notices: NoticeStore;
  openTrash: () => void;
}

/** So many calls at a time: a hundred starts must not fill the queue of who clicks elsewhere meanwhile. */
const AT_ONCE = 4;

/** To how many of these a command applies now. */
export function bulkShare(parts: BulkParts, verb: BulkVerb, instances: readonly Instance[]): Share {
  const action = parts.registry.forInstance(`instance.${verb}`);
  return shareOf(instances, (instance) => action.disabledReason(instance));
}

/** Gives a command to those of the instances that it applies to, and tells of all of them together. */
export async function runBulk(
  parts: BulkParts,
  verb: BulkVerb,
  instances: readonly Instance[],
): Promise<void> {
  const { able, others } = bulkShare(parts, verb, instances);
  if (able.length === 0) {
    parts.notices.add({ level: 'info', message: describeDone(verb, [], others) });
    return;
  }
  if (verb === 'trash' && !(await confirmTrash(able, others))) return;
  const done: Instance[] = [];
  const failures: { instance: Instance; error: unknown }[] = [];
  for (const round of roundsOf(verb, able)) {
    const waiting = [...round];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        try {
          await (verb === 'trash'
            ? parts.api.deleteInstance(next.id, 'trash')
            : parts.api.command(next.id, verb));
          done.push(next);
        } catch (error) {
          failures.push({ instance: next, error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
  tell(parts, verb, done, others, failures);
}

function tell(
  { notices, openTrash }: BulkParts,
  verb: BulkVerb,
  done: readonly Instance[],
  others: readonly Instance[],
  failures: readonly { instance: Instance; error: unknown }[],
): void {
  if (failures.length === 0) {
    notices.add({
      level: 'success',
      message: describeDone(verb, done, others),
      action: verb === 'trash' ? { label: 'Open trash', run: openTrash } : null,
    });
    return;
  }
  const sentences = failures.map(({ instance, error }) =>
    describeFailure(verb, instance.name, error instanceof Error ? error.message : String(error)),
  );
  const isAnythingSaid = done.length > 0 || others.length > 0;
  const first = failures.map(({ error }) => error).find((error) => error instanceof ApiError);
  notices.add({
    level: 'error',
    message: [...(isAnythingSaid ? [describeDone(verb, done, others)] : []), ...sentences].join(' '),
    detail: first ? errorDetail(first) : null,
  });
}

function confirmTrash(able: readonly Instance[], others: readonly Instance[]): Promise<boolean> {
  const count = able.length === 1 ? (able[0]?.name ?? '') : `${String(able.length)} instances`;
  return confirmDialog({
    title: `Move ${count} to the trash?`,
    testId: 'confirm-trash',
    paragraphs: [
      `${listNames(able)}.`,
      'Their folders, with environment, settings and log, go to the trash. What they made in their output folders stays.',
      'You get them back from the menu under “Trash”, with Restore.',
      ...(others.length > 0 ? [`Left as they are, because they run: ${listNames(others)}.`] : []),
    ],
    confirmLabel: 'Move to trash',
  });
}
