type Action = () => Promise<void>;

/** Runs actions one after another; an urgent one goes before all that wait. */
export class ActionQueue {
  private readonly waiting: Action[] = [];
  private isRunning = false;

  constructor(private readonly onFault: (error: unknown) => void) {}

  push(action: Action, isUrgent = false): void {
    if (isUrgent) this.waiting.unshift(action);
    else this.waiting.push(action);
    if (!this.isRunning) void this.work();
  }

  /** Runs a task in its turn. @returns what it returns, or throws */
  run<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.push(() => task().then(resolve, reject)));
  }

  private async work(): Promise<void> {
    this.isRunning = true;
    for (let action = this.waiting.shift(); action !== undefined; action = this.waiting.shift()) {
      try {
        await action();
      } catch (error) {
        this.onFault(error);
      }
    }
    this.isRunning = false;
  }
}
