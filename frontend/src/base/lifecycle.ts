/** Something that holds a resource (a listener, a timer, a socket, an element) until it is disposed. */
export interface Disposable {
  dispose(): void;
}

export function toDisposable(run: () => void): Disposable {
  let isDone = false;
  return {
    dispose: () => {
      if (isDone) return;
      isDone = true;
      run();
    },
  };
}

/** Owns disposables and gives them back in reverse order. What is added after disposal is disposed at once. */
export class DisposableStore implements Disposable {
  private readonly items = new Set<Disposable>();
  private isDisposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  /** Runs `run` at disposal. */
  defer(run: () => void): void {
    this.add(toDisposable(run));
  }

  dispose(): void {
    this.isDisposed = true;
    const items = [...this.items].reverse();
    this.items.clear();
    for (const item of items) item.dispose();
  }
}

/** Adds an event listener that goes with the returned disposable. */
export function listen<K extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  type: K,
  handler: (event: HTMLElementEventMap[K]) => void,
  options?: AddEventListenerOptions,
): Disposable;
export function listen<K extends keyof DocumentEventMap>(
  target: Document,
  type: K,
  handler: (event: DocumentEventMap[K]) => void,
  options?: AddEventListenerOptions,
): Disposable;
export function listen<K extends keyof WindowEventMap>(
  target: Window,
  type: K,
  handler: (event: WindowEventMap[K]) => void,
  options?: AddEventListenerOptions,
): Disposable;
export function listen(
  target: EventTarget,
  type: string,
  handler: (event: never) => void,
  options?: AddEventListenerOptions,
): Disposable {
  target.addEventListener(type, handler as EventListener, options);
  return toDisposable(() => target.removeEventListener(type, handler as EventListener, options));
}

/** Calls `run` every `periodMs` while the page is visible, and once when it becomes visible again. */
export function everyVisible(periodMs: number, run: () => void): Disposable {
  const timer = window.setInterval(() => {
    if (!document.hidden) run();
  }, periodMs);
  const shown = listen(document, 'visibilitychange', () => {
    if (!document.hidden) run();
  });
  return toDisposable(() => {
    window.clearInterval(timer);
    shown.dispose();
  });
}
