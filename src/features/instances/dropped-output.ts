import { droppedNote } from './dropped-note.js';

/** Whoever looks on hears of a growing loss, but not of every byte. */
const TELL_INTERVAL_MS = 5000;

interface Loss {
  run: number;
  bytes: number;
  toldAtMs: number;
}

/** How much output of the present runs was lost because it could not be written. Nobody writes it but the runners' news. */
export class DroppedOutput {
  private readonly losses = new Map<number, Loss>();

  /** @param tell called when the loss of an instance has grown */
  constructor(private readonly tell: (instanceId: number) => void) {}

  note(instanceId: number, run: number, bytes: number): void {
    const known = this.losses.get(instanceId);
    if (known?.run === run && known.bytes === bytes) return;
    if (bytes === 0) {
      this.losses.delete(instanceId);
      return;
    }
    const nowMs = performance.now();
    const isDue = known?.run !== run || nowMs - known.toldAtMs >= TELL_INTERVAL_MS;
    this.losses.set(instanceId, { run, bytes, toldAtMs: isDue ? nowMs : known.toldAtMs });
    if (isDue) this.tell(instanceId);
  }

  /** The instance is no more. */
  forget(instanceId: number): void {
    this.losses.delete(instanceId);
  }

  warningsOf(instanceId: number, run: number): string[] {
    const note = droppedNote(this.bytes(instanceId, run));
    return note === '' ? [] : [note];
  }

  bytes(instanceId: number, run: number): number {
    const loss = this.losses.get(instanceId);
    return loss?.run === run ? loss.bytes : 0;
  }
}
