import type { InstanceEnvironment } from '../../../../src/contracts/environment.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import type { Disposable } from '../../base/lifecycle.js';
import { ApiError } from '../../net/http.js';
import type { EnvironmentStore } from '../../state/environments.js';

/** Keeps what is known of the environment of the shown instance up to date: asks when it is shown and when it went on. */
export class LoadedEnvironment implements Disposable {
  private readonly subscription: Disposable;
  private instance: Instance | null = null;
  /** What it was asked for. */
  private asked = '';
  private failureText: string | null = null;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly draw: () => void,
  ) {
    this.subscription = store.changed.on((id) => id === this.instance?.id && this.draw());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  get value(): InstanceEnvironment | null {
    return this.instance && this.store.environment(this.instance.id);
  }

  /** Why it could not be asked for, in a sentence; null when it was. */
  get failure(): string | null {
    return this.failureText;
  }

  show(instance: Instance): void {
    const isOther = this.instance?.id !== instance.id;
    this.instance = instance;
    if (isOther) {
      this.failureText = null;
      this.draw();
    }
    const wanted = signatureOf(instance);
    if (wanted === this.asked) return;
    this.asked = wanted;
    void this.load(instance.id);
  }

  retry(): void {
    if (this.instance) void this.load(this.instance.id);
  }

  private async load(id: number): Promise<void> {
    let failure: string | null = null;
    try {
      await this.store.load(id);
    } catch (error) {
      failure = error instanceof ApiError ? error.message : String(error);
      // The same again is asked for when it is shown again.
      this.asked = '';
    }
    if (this.instance?.id !== id || failure === this.failureText) return;
    this.failureText = failure;
    this.draw();
  }
}

/** What an installation may follow on: another run, another status, another setting. */
function signatureOf({ id, status, run, updated_at: updatedAt }: Instance): string {
  return [id, status, run, updatedAt].join(' ');
}
