import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgetGone } from './forget-gone.js';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const draftOf = (at: string) => JSON.stringify({ content: 'echo', etag: null, at });

/** As much of a browser's storage as is asked of it: its keys are its own properties. */
class MemoryStorage {
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }

  setItem(key: string, value: string): void {
    (this as unknown as Record<string, string>)[key] = value;
  }

  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

describe('what is kept of instances', () => {
  const storage = new MemoryStorage();
  beforeEach(() => {
    Object.assign(globalThis, { localStorage: storage });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it('goes when they are gone, unsaved work a week later, and nothing else goes', () => {
    const kept = {
      'aikore.draft.instance.1': draftOf('2020-01-01T00:00:00Z'),
      'aikore.draft.instance.9': draftOf('2026-11-20T12:00:00Z'),
      'aikore.draft.blueprint.custom.mine.sh': draftOf('2020-01-01T00:00:00Z'),
      'aikore.versions.1': '{}',
      'aikore.terminal.chosen.system': 'abc',
      'aikore.theme': 'dark',
      'other.draft.instance.9': 'of somebody else',
    };
    const gone = {
      'aikore.draft.instance.8': draftOf('2026-11-01T12:00:00Z'),
      'aikore.draft.instance.7': 'nonsense',
      'aikore.versions.9': '{}',
      'aikore.terminal.chosen.9': 'abc',
    };
    for (const [key, value] of Object.entries({ ...kept, ...gone })) storage.setItem(key, value);
    forgetGone((id) => id === 1, NOW_MS);
    expect(Object.fromEntries(Object.entries(storage))).toEqual(kept);
  });
});
