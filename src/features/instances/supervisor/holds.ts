import type { InstanceEntity } from '../instance.entity.js';
import { heldStill } from './sentences.js';

/** Who keeps an instance at rest, such as those who copy its folder, and whether a restart waits for them to let go. */
export class Holds {
  private readonly present = new Set<object>();
  private isRestartHeld = false;

  /** @param restart what a restart that waited is done by */
  constructor(private readonly restart: () => void) {}

  /** @throws AppError `conflict` while somebody holds it */
  check(row: InstanceEntity): void {
    if (this.isHeld) throw heldStill(row);
  }

  /** As `check`, for what starts it. */
  checkCommand(row: InstanceEntity, command: 'start' | 'stop' | 'restart' | 'kill'): void {
    if (command === 'start' || command === 'restart') this.check(row);
  }

  /** @returns ends the hold */
  take(): () => void {
    const hold = {};
    this.present.add(hold);
    return () => {
      this.present.delete(hold);
      if (this.isHeld || !this.isRestartHeld) return;
      this.isRestartHeld = false;
      this.restart();
    };
  }

  /** A restart is due. @returns whether it has to wait */
  delaysRestart(): boolean {
    if (this.isHeld) this.isRestartHeld = true;
    return this.isHeld;
  }

  private get isHeld(): boolean {
    return this.present.size > 0;
  }
}
