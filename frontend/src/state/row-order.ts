import type { Instance } from '../../../src/contracts/instance.js';
import { Emitter } from '../base/observable.js';
import type { Disposable } from '../base/lifecycle.js';
import { inOrder, withSatellites } from '../domain/row-order.js';
import type { InstanceStore } from './instances.js';

/** The events that bring a stored order come on another connection than the answer of the call. */
const EVENTS_WITHIN_MS = 2000;

export interface RowOrderPorts {
  store: InstanceStore;
  /** Stores a whole order. */
  send(ids: readonly number[]): Promise<void>;
  onFailure(error: unknown): void;
  /** How long after its storing a wished order is shown though the events have not brought it. */
  eventsWithinMs?: number;
}

/** The order of the rows: what the server told, or what was wished here and is on its way there. */
export class RowOrderKeeper {
  private wished: readonly number[] | null = null;
  private isSending = false;
  private hasChanged = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly changes = new Emitter<void>();

  constructor(private readonly ports: RowOrderPorts) {}

  /** All instances as the rows go. */
  rows(): Instance[] {
    const sorted = this.ports.store.sorted();
    return withSatellites(this.wished ? inOrder(sorted, this.wished) : sorted);
  }

  on(listener: () => void): Disposable {
    return this.changes.on(listener);
  }

  /** Shows an order at once and stores it; while one is on its way, only the newest of the later ones follows. */
  arrange(ids: readonly number[]): void {
    this.wished = ids;
    this.hasChanged = true;
    this.changes.fire();
    if (!this.isSending) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    this.stopTimer();
    try {
      while (this.hasChanged && this.wished) {
        this.hasChanged = false;
        await this.ports.send(this.wished);
      }
      this.timer = setTimeout(() => this.trustEvents(), this.ports.eventsWithinMs ?? EVENTS_WITHIN_MS);
    } catch (error) {
      this.hasChanged = false;
      this.trustEvents();
      this.ports.onFailure(error);
    } finally {
      this.isSending = false;
    }
  }

  private trustEvents(): void {
    this.wished = null;
    this.changes.fire();
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
