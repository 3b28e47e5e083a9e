import { readPreference, removePreference, writePreferenceOr } from '../base/preferences.js';

/** A text that was changed and not saved. */
export interface Draft {
  content: string;
  /** The tag of the version that it began from. */
  etag: string | null;
  /** ISO 8601. */
  at: string;
}

/** Unsaved work, kept in this browser, so that it survives a reload, a crash and a closed laptop. */
export class DraftStore {
  read(key: string): Draft | null {
    try {
      const value: unknown = JSON.parse(readPreference(`draft.${key}`) ?? 'null');
      return isDraft(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** False when the browser refused: it forbids storage, or there is no room left. */
  write(key: string, draft: Draft): boolean {
    return writePreferenceOr(`draft.${key}`, JSON.stringify(draft));
  }

  remove(key: string): void {
    removePreference(`draft.${key}`);
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { content, etag, at } = value as Record<string, unknown>;
  return typeof content === 'string' && (etag === null || typeof etag === 'string') && typeof at === 'string';
}
