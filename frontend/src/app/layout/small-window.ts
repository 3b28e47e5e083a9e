import { toDisposable } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/** As in the style sheet: one pane at a time below the instances. */
const NARROW = '(max-width: 1099px), (max-height: 560px)';
/** As in the style sheet: what opens covers everything. 720 px by 450 px are a laptop at 200 %. */
const SHEETS = '(max-width: 640px), (max-height: 560px)';

/** There is no room for tools and monitoring side by side. */
export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches;
}

/** Panes cover the instances and have a way back. */
export function hasSheets(): boolean {
  return window.matchMedia(SHEETS).matches;
}

export function onNarrowChange(run: () => void): Disposable {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', run);
  return toDisposable(() => query.removeEventListener('change', run));
}
