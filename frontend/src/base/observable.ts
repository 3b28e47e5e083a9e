import { toDisposable } from './lifecycle.js';
import type { Disposable } from './lifecycle.js';

/** A typed event source. A listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void): Disposable {
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** A value that tells when it changes. Setting an identical value tells nobody. */
export class Observable<T> {
  private readonly changes = new Emitter<T>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(next: T): void {
    if (Object.is(next, this.current)) return;
    this.current = next;
    this.changes.fire(next);
  }

  /** Hears later changes. */
  on(listener: (value: T) => void): Disposable {
    return this.changes.on(listener);
  }

  /** Hears the present value now and later changes. */
  watch(listener: (value: T) => void): Disposable {
    listener(this.current);
    return this.on(listener);
  }
}
