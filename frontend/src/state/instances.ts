import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Instance } from '../../../src/contracts/instance.js';
import { Emitter } from '../base/observable.js';
import type { Disposable } from '../base/lifecycle.js';

/** `reset`: anything may have changed; else the one instance did. */
export type InstanceChange =
  { kind: 'reset' } | { kind: 'added' | 'updated'; instance: Instance } | { kind: 'removed'; id: number };

/** All instances as the server last told. Its only writer is the event stream. */
export class InstanceStore {
  private readonly byId = new Map<number, Instance>();
  private readonly changes = new Emitter<InstanceChange>();
  private isFilled = false;

  /** False until the first snapshot. */
  get hasLoaded(): boolean {
    return this.isFilled;
  }

  get size(): number {
    return this.byId.size;
  }

  get(id: number): Instance | null {
    return this.byId.get(id) ?? null;
  }

  values(): Iterable<Instance> {
    return this.byId.values();
  }

  /** In the order of the rows. */
  sorted(): Instance[] {
    return [...this.byId.values()].sort((a, b) => a.position - b.position || a.id - b.id);
  }

  names(exceptId: number | null = null): string[] {
    return [...this.byId.values()].filter(({ id }) => id !== exceptId).map(({ name }) => name);
  }

  on(listener: (change: InstanceChange) => void): Disposable {
    return this.changes.on(listener);
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.reset(event.data.instances);
        break;
      case 'instance.created':
      case 'instance.updated':
      case 'instance.state':
        this.put(event.data);
        break;
      case 'instance.removed':
        if (this.byId.delete(event.data.id)) this.changes.fire({ kind: 'removed', id: event.data.id });
        break;
      default:
        break;
    }
  }

  /** Lets everybody look at an instance again: something that is not of the server's telling is another now. */
  touch(id: number): void {
    const instance = this.byId.get(id);
    if (instance !== undefined) this.changes.fire({ kind: 'updated', instance });
  }

  private reset(instances: readonly Instance[]): void {
    this.byId.clear();
    for (const instance of instances) this.byId.set(instance.id, instance);
    this.isFilled = true;
    this.changes.fire({ kind: 'reset' });
  }

  private put(instance: Instance): void {
    const kind = this.byId.has(instance.id) ? 'updated' : 'added';
    this.byId.set(instance.id, instance);
    this.changes.fire({ kind, instance });
  }
}
