import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';

const DELAY_MS = 600;

/** How the check of the present text stands. */
export type CheckState<Finding> =
  { kind: 'waiting' } | { kind: 'done'; findings: readonly Finding[] } | { kind: 'failed'; error: unknown };

/** Has a text checked once nobody has typed for a moment; a newer text calls the check of an older one off. */
export class ScriptChecker<Finding> implements Disposable {
  readonly state = new Observable<CheckState<Finding>>({ kind: 'waiting' });
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: AbortController | null = null;

  constructor(
    private readonly check: (text: string, signal: AbortSignal) => Promise<readonly Finding[]>,
    private readonly delayMs = DELAY_MS,
  ) {}

  /** @param text is asked for when the check begins */
  request(text: () => string, delayMs = this.delayMs): void {
    this.cancel();
    this.timer = setTimeout(() => void this.run(text()), delayMs);
  }

  dispose(): void {
    this.cancel();
  }

  private cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running?.abort();
    this.running = null;
  }

  private async run(text: string): Promise<void> {
    const running = new AbortController();
    this.running = running;
    const state = await this.ask(text, running.signal);
    if (this.running !== running) return;
    this.running = null;
    this.state.set(state);
  }

  private async ask(text: string, signal: AbortSignal): Promise<CheckState<Finding>> {
    try {
      return { kind: 'done', findings: await this.check(text, signal) };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }
}
