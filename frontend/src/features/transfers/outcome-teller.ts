import type { Operation } from '../../../../src/contracts/operation.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { readPreference, removePreference, writePreference } from '../../base/preferences.js';
import { interruptedSentence, outcomeSentence } from '../../domain/operation.js';
import { outcomesOf, parseWatched } from '../../domain/watched-operations.js';
import type { WatchedOperation } from '../../domain/watched-operations.js';
import type { NoticeInput } from '../../state/notices.js';
import { nextStep } from './next-step.js';
import type { TransferHost } from './transfer-host.js';

/** Key of the preference that holds what was seen under way. */
export const WATCHED_KEY = 'operations';

/**
 * Tells how operations ended, with what one does next. What was under way is written down, so that who reloads the page, or
 * closes it and comes back, is told as well.
 */
export class OutcomeTeller implements Disposable {
  private readonly resources = new DisposableStore();
  private watched: readonly WatchedOperation[];

  constructor(private readonly host: TransferHost) {
    this.watched = parseWatched(readPreference(WATCHED_KEY));
    this.resources.add(host.transfers.operations.watch((operations) => this.look(operations)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  private look(operations: readonly Operation[]): void {
    const startedAt = this.host.system.info.value?.started_at ?? null;
    const { watched, ended, interrupted } = outcomesOf(this.watched, operations, startedAt);
    // Before the first snapshot nobody knows what has become of what was left.
    if (startedAt === null) return;
    this.watched = watched;
    if (watched.length === 0) removePreference(WATCHED_KEY);
    else writePreference(WATCHED_KEY, JSON.stringify(watched));
    for (const operation of ended) this.host.notices.add(this.notice(operation));
    for (const operation of interrupted)
      this.host.notices.add({ level: 'warning', message: interruptedSentence(operation) });
  }

  private notice(operation: Operation): NoticeInput {
    const message = outcomeSentence(operation);
    const { phase } = operation;
    if (phase === 'cancelled') return { level: 'info', message };
    if (phase === 'failed') {
      const action = { label: 'Show tasks', run: () => this.host.openTasks() };
      return { level: 'error', message, action };
    }
    const { label, run } = nextStep(this.host, operation);
    return { level: 'success', message, instanceId: operation.instance_id, action: { label, run } };
  }
}
