import type { WorkerPhase, WorkerProgress } from '../domain/transfer-job.js';

const REPORT_EVERY_MS = 250;
const ALIVE_EVERY_MS = 5000;
/** So long work may go on without a look at whether AiKore still lives. */
const BREATHE_EVERY_MS = 20;

/** Counts what is done and tells AiKore, a line of JSON at a time. */
export class Reporter {
  readonly state: WorkerProgress = {
    phase: 'counting',
    totalBytes: null,
    doneBytes: 0,
    doneFiles: 0,
    sharedBytes: 0,
  };
  private lastReportMs = 0;
  private lastBreathMs = performance.now();
  private readonly heart = setInterval(() => this.say({ type: 'alive' }), ALIVE_EVERY_MS);

  constructor(private readonly write: (line: string) => void) {}

  enter(phase: WorkerPhase, totalBytes = this.state.totalBytes): void {
    this.state.phase = phase;
    this.state.totalBytes = totalBytes;
    this.report();
  }

  /** A piece of a file is done. @param isShared it takes no space of its own */
  bytes(count: number, isShared = false): void {
    this.state.doneBytes += count;
    if (isShared) this.state.sharedBytes += count;
    if (performance.now() - this.lastReportMs > REPORT_EVERY_MS) this.report();
  }

  file(): void {
    this.state.doneFiles += 1;
  }

  /** To be waited for again and again in long work that is done without waiting: lets the end of AiKore be seen. */
  async breathe(): Promise<void> {
    if (performance.now() - this.lastBreathMs < BREATHE_EVERY_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.lastBreathMs = performance.now();
  }

  say(message: Record<string, unknown>): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    clearInterval(this.heart);
    this.report();
  }

  private report(): void {
    this.lastReportMs = performance.now();
    this.say({ type: 'progress', progress: this.state });
  }
}
