/** Lets one task at a time through, in the order of asking. */
export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    // A failed task must not hold up the next one; its error goes to whoever asked for it.
    this.tail = result.catch(() => undefined);
    return result;
  }
}
