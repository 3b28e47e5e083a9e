import type { NoticeStore } from '../state/notices.js';
import { reportFailure } from '../state/report-error.js';
import type { Action } from './action.js';

/** Runs an action if it can be done now; says why not otherwise, and what went wrong. */
export async function runAction<T>(action: Action<T>, target: T, notices: NoticeStore): Promise<void> {
  const reason = action.disabledReason(target);
  if (reason !== null) {
    notices.add({ level: 'info', message: reason });
    return;
  }
  try {
    await action.run(target);
  } catch (error) {
    reportFailure(notices, error);
  }
}
