import type { VersionCheck } from '../../../src/contracts/versions.js';
import { readPreference, removePreference, writePreferenceOr } from '../base/preferences.js';

/** The last versions check of each instance, kept in this browser until the next one. */
export class VersionCheckStore {
  private readonly known = new Map<number, VersionCheck>();

  get(id: number): VersionCheck | null {
    return this.known.get(id) ?? remembered(id);
  }

  put(id: number, check: VersionCheck): void {
    this.known.set(id, check);
    if (!writePreferenceOr(key(id), JSON.stringify(check))) removePreference(key(id));
  }
}

function key(id: number): string {
  return `versions.${String(id)}`;
}

function remembered(id: number): VersionCheck | null {
  try {
    const value: unknown = JSON.parse(readPreference(key(id)) ?? 'null');
    return isCheck(value) ? value : null;
  } catch {
    return null;
  }
}

/** What another version of the dashboard left may have another shape. */
function isCheck(value: unknown): value is VersionCheck {
  if (typeof value !== 'object' || value === null) return false;
  const check = value as Record<string, unknown>;
  const hasLists = [check['facts'], check['packages'], check['conflicts_list'], check['advice']].every(
    Array.isArray,
  );
  const hasTexts = [check['versions'], check['conflicts'], check['checked_at']].every(
    (text) => typeof text === 'string',
  );
  return hasLists && hasTexts && typeof check['environment'] === 'object' && check['environment'] !== null;
}
