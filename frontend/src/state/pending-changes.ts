import type { Instance, InstanceUpdate } from '../../../src/contracts/instance.js';
import { Emitter } from '../base/observable.js';
import type { Disposable } from '../base/lifecycle.js';
import {
  countChanges,
  drop,
  propose,
  proposeAll,
  rebase,
  refuse,
  resolve,
  settle,
} from '../domain/pending.js';
import type { Pending, PendingRow } from '../domain/pending.js';
import type { SettingKey, SettingValue } from '../domain/settings.js';
import type { InstanceChange, InstanceStore } from './instances.js';

/** Changes of settings that were made in the table and are not stored yet. Only this class writes them. */
export class PendingChanges {
  private pending: Pending = new Map();
  /** Names for what was removed, which nobody can tell afterwards. */
  private readonly names = new Map<number, string>();
  private readonly changes = new Emitter<void>();
  /** Fires with the name of an instance that was removed while changes of it waited. */
  readonly lost = new Emitter<string>();

  constructor(private readonly instances: InstanceStore) {
    instances.on((change) => this.follow(change));
  }

  get all(): Pending {
    return this.pending;
  }

  get count(): number {
    return countChanges(this.pending);
  }

  of(id: number): PendingRow | undefined {
    return this.pending.get(id);
  }

  on(listener: () => void): Disposable {
    return this.changes.on(listener);
  }

  propose(instance: Instance, key: SettingKey, value: SettingValue): void {
    this.names.set(instance.id, instance.name);
    this.set(propose(this.pending, instance, key, value));
  }

  /** Everything that a form holds; what it does not hold is not changed any more. */
  proposeAll(instance: Instance, values: InstanceUpdate): void {
    this.names.set(instance.id, instance.name);
    this.set(proposeAll(this.pending, instance, values));
  }

  /** Takes in what is stored now, as a call has just told. */
  rebase(instance: Instance): void {
    this.set(rebase(this.pending, instance));
  }

  resolve(id: number, key: SettingKey, winner: 'mine' | 'theirs'): void {
    this.set(resolve(this.pending, id, key, winner));
  }

  settle(saved: Instance, sent: PendingRow): void {
    this.set(settle(this.pending, saved, sent));
  }

  /** @returns sentences that belong to none of the changes */
  refuse(id: number, problems: ReadonlyMap<string, string>): string[] {
    const { pending, others } = refuse(this.pending, id, problems);
    this.set(pending);
    return others;
  }

  discard(id: number, key: SettingKey | null = null): void {
    this.set(drop(this.pending, id, key));
  }

  /** @returns brings them back, compared with what is stored by then */
  discardAll(): () => void {
    const before = this.pending;
    this.clear();
    return () => {
      // What was changed anew meanwhile stays as it is.
      let next: Pending = new Map([...before, ...this.pending]);
      for (const id of before.keys()) {
        const present = this.instances.get(id);
        next = present ? rebase(next, present) : drop(next, id);
      }
      this.set(next);
    };
  }

  clear(): void {
    this.set(new Map());
  }

  private follow(change: InstanceChange): void {
    if (this.pending.size === 0) return;
    let next = this.pending;
    const ids = change.kind === 'reset' ? [...next.keys()] : [idOf(change)];
    for (const id of ids) {
      const present = this.instances.get(id);
      if (present) next = rebase(next, present);
      else next = this.lose(next, id);
    }
    this.set(next);
  }

  private lose(pending: Pending, id: number): Pending {
    if (!pending.has(id)) return pending;
    this.lost.fire(this.names.get(id) ?? '');
    return drop(pending, id);
  }

  private set(next: Pending): void {
    if (next === this.pending || (next.size === 0 && this.pending.size === 0)) return;
    this.pending = next;
    this.changes.fire();
  }
}

function idOf(change: Exclude<InstanceChange, { kind: 'reset' }>): number {
  return change.kind === 'removed' ? change.id : change.instance.id;
}
