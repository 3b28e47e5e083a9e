const PREFIX = 'aikore.';

/** A remembered choice, or null. A browser that forbids storage simply forgets. */
export function readPreference(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function writePreference(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Private windows and full storage refuse; the choice then lasts as long as the page.
  }
}
