import { plural } from '../base/format.js';
import type { NoticeStore } from './notices.js';
import type { PendingChanges } from './pending-changes.js';

/** Puts every changed field back to what is stored, and offers to take that back. */
export function discardChanges(pending: PendingChanges, notices: NoticeStore): void {
  const { count } = pending;
  if (count === 0) return;
  const undo = pending.discardAll();
  notices.add({
    level: 'success',
    message: `${plural(count, 'change was', 'changes were')} discarded.`,
    action: { label: 'Undo', run: undo },
  });
}
