import { preferenceKeys, removePreference } from '../base/preferences.js';
import { DraftStore } from './drafts.js';

/** What this browser keeps of single instances. */
const KEPT = /^(draft\.instance|versions|terminal\.chosen)\.(\d+)$/;
/** Unsaved work is kept for so long after its instance has gone: a server can be put back to what it was. */
const DRAFT_KEPT_MS = 7 * 24 * 3600 * 1000;

/** Forgets what belonged to instances that there are no more; their numbers are not given again. */
export function forgetGone(isThere: (id: number) => boolean, nowMs: number): void {
  for (const key of preferenceKeys()) {
    const [, kind, id] = KEPT.exec(key) ?? [];
    if (id === undefined || isThere(Number(id))) continue;
    if (kind !== 'draft.instance' || !isFresh(key, nowMs)) removePreference(key);
  }
}

function isFresh(key: string, nowMs: number): boolean {
  const draft = new DraftStore().read(key.slice('draft.'.length));
  return draft !== null && nowMs - Date.parse(draft.at) < DRAFT_KEPT_MS;
}
