import type { Notice } from '../../contracts/events.js';

/** Where a warning comes from: one key for each thing that may be wrong, such as `disk` or `port 19001`. */
export type WarningKey = string;

export interface StandingWarningsParts {
  /** Told once when something begins or ends. */
  tell: (notice: Notice) => void;
  /** Told whenever the list is another one. */
  onChange: (warnings: string[]) => void;
}

/**
 * What is wrong with AiKore's own parts now, a sentence each. Who looks later sees what still stands; who looks on hears
 * of the beginning and of the end.
 */
export class StandingWarnings {
  private readonly sentences = new Map<WarningKey, string>();

  constructor(private readonly parts: StandingWarningsParts) {}

  /** In the order in which they began. */
  get list(): string[] {
    return [...this.sentences.values()];
  }

  /**
   * @param sentence what is wrong, for a person; null: nothing any more
   * @param relief told when it ends
   */
  set(key: WarningKey, sentence: string | null, relief = 'A problem has ended.'): void {
    const before = this.sentences.get(key) ?? null;
    if (before === sentence) return;
    if (sentence === null) this.sentences.delete(key);
    else this.sentences.set(key, sentence);
    // Another sentence for what goes on is shown, but not announced anew.
    if (before === null || sentence === null) {
      const level = sentence === null ? 'info' : 'warning';
      this.parts.tell({ level, message: sentence ?? relief, instance_id: null });
    }
    this.parts.onChange(this.list);
  }

  /** Makes the warnings whose keys begin with `prefix` these, and no others. */
  replace(prefix: string, sentences: ReadonlyMap<WarningKey, string>, relief?: string): void {
    for (const key of [...this.sentences.keys()]) {
      if (key.startsWith(prefix) && !sentences.has(key)) this.set(key, null, relief);
    }
    for (const [key, sentence] of sentences) this.set(key, sentence, relief);
  }
}
