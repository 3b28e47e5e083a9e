import { toDisposable } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import type { Observable } from '../base/observable.js';
import type { ConnectionState } from '../net/events.js';
import type { Announcer } from '../ui/announcer.js';

/** A restart of AiKore is over by then; the banner waits as long. */
const TOLD_AFTER_MS = 3_000;

/** Tells screen readers that AiKore stays away, also behind an open dialog, and that it is there again. */
export function announceConnection(
  state: Pick<Observable<ConnectionState>, 'on'>,
  announcer: Pick<Announcer, 'announce'>,
): Disposable {
  let timer: number | null = null;
  let isTold = false;
  const wait = () => {
    timer ??= window.setTimeout(() => {
      isTold = true;
      announcer.announce(
        'AiKore does not answer. Your instances run on. It is tried again by itself.',
        'assertive',
      );
    }, TOLD_AFTER_MS);
  };
  const stopWaiting = () => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
  };
  const subscription = state.on((value) => {
    if (value === 'lost') wait();
    else if (value === 'live') {
      stopWaiting();
      if (isTold) announcer.announce('AiKore answers again.');
      isTold = false;
    }
  });
  return toDisposable(() => {
    stopWaiting();
    subscription.dispose();
  });
}
