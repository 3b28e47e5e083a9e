import { listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/** A place that F6 goes to. */
export interface FocusStop {
  element: HTMLElement;
  focus(): void;
}

/**
 * F6 and Shift+F6 move the focus from pane to pane, out of those too that keep every other key to themselves.
 * @param stops those that are open now, in order
 */
export function installFocusCycle(stops: () => FocusStop[]): Disposable {
  return listen(
    document,
    'keydown',
    (event) => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || document.querySelector('dialog[open]'))
        return;
      event.preventDefault();
      event.stopPropagation();
      nextStop(stops(), document.activeElement, event.shiftKey ? -1 : 1)?.focus();
    },
    { capture: true },
  );
}

function nextStop(stops: FocusStop[], from: Element | null, step: 1 | -1): FocusStop | undefined {
  const at = stops.findIndex(({ element }) => element.contains(from));
  if (at === -1) return stops[0];
  return stops[(at + step + stops.length) % stops.length];
}
