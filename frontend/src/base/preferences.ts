const PREFIX = 'aikore.';

/** A remembered choice, or null. A browser that forbids storage simply forgets. */
export function readPreference(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Private windows and full storage refuse; the choice then lasts as long as the page. */
export function writePreference(key: string, value: string): void {
  writePreferenceOr(key, value);
}

/** The same for what matters: false when the browser refused to remember it. */
export function writePreferenceOr(key: string, value: string): boolean {
  try {
    localStorage.setItem(PREFIX + key, value);
    return true;
  } catch {
    return false;
  }
}

export function removePreference(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // What could not be written is not there.
  }
}

/** The keys of everything that is remembered. */
export function preferenceKeys(): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) =>
      key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [],
    );
  } catch {
    return [];
  }
}
