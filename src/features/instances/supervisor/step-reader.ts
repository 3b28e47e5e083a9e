import type { InstanceEntity } from '../instance.entity.js';
import type { PhasePort } from './supervisor.ports.js';

/** At most so often is a growing log looked at for a new step. */
const INTERVAL_MS = 200;

/** Follows the steps that a blueprint announces in its output, without reading more of a flood than its newest end. */
export class StepReader {
  current: string | null = null;
  private readBytes = 0;
  private sizeBytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly row: InstanceEntity,
    private readonly port: PhasePort,
    private readonly onChange: () => void,
  ) {}

  /** A new run writes a new log. */
  beginRun(): void {
    this.stop();
    this.current = null;
    this.readBytes = 0;
    this.sizeBytes = 0;
  }

  noteSize(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
    this.timer ??= setTimeout(() => void this.look(), INTERVAL_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    const [from, to] = [this.readBytes, this.sizeBytes];
    this.readBytes = to;
    const step = await this.port.newestStep(this.row, from, to).catch(() => null);
    this.timer = undefined;
    if (this.sizeBytes > this.readBytes) this.noteSize(this.sizeBytes);
    if (step === null || step === this.current) return;
    this.current = step;
    this.onChange();
  }
}
