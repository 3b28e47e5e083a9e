import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readDesktopState } from '../../../host/xserver/desktop-state.js';
import type { InstancePaths } from '../instance-paths.js';
import { desktopWarnings } from './desktop-warnings.js';

/** Several changes of a state come within milliseconds of each other. */
const SETTLE_MS = 100;
/** Where the system gives no watch, or nothing is there to watch yet. */
const RETRY_MS = 2000;

interface Watched {
  watcher: FSWatcher | null;
  timer: NodeJS.Timeout | null;
  warnings: string[];
}

/** Follows what the helpers of running desktops say of them. */
export class DesktopWatch {
  private readonly watched = new Map<number, Watched>();

  /** @param onChange is told of an instance of which something else is known now */
  constructor(
    private readonly paths: InstancePaths,
    private readonly onChange: (id: number) => void,
  ) {}

  /** Follows the desktop of an instance that runs; again for one that is followed already does nothing. */
  follow(id: number): void {
    if (this.watched.has(id)) return;
    this.watched.set(id, { watcher: null, timer: null, warnings: [] });
    this.lookSoon(id, 0);
  }

  forget(id: number): void {
    const watched = this.watched.get(id);
    if (watched === undefined) return;
    this.watched.delete(id);
    watched.watcher?.close();
    if (watched.timer !== null) clearTimeout(watched.timer);
    if (watched.warnings.length > 0) this.onChange(id);
  }

  close(): void {
    for (const id of [...this.watched.keys()]) this.forget(id);
  }

  warningsOf(id: number): string[] {
    return this.watched.get(id)?.warnings ?? [];
  }

  private lookSoon(id: number, delayMs: number): void {
    const watched = this.watched.get(id);
    if (watched === undefined || watched.timer !== null) return;
    watched.timer = setTimeout(() => {
      watched.timer = null;
      watched.watcher ??= this.openWatcher(id);
      void this.look(id, watched);
    }, delayMs).unref();
  }

  private async look(id: number, watched: Watched): Promise<void> {
    const state = await readDesktopState(this.paths.displayState(id));
    if (this.watched.get(id) !== watched) return;
    if (watched.watcher === null) this.lookSoon(id, RETRY_MS);
    const warnings = state === null ? [] : desktopWarnings(state);
    if (JSON.stringify(warnings) === JSON.stringify(watched.warnings)) return;
    watched.warnings = warnings;
    this.onChange(id);
  }

  private openWatcher(id: number): FSWatcher | null {
    try {
      const watcher = watch(this.paths.displayDir(id), { persistent: false });
      watcher.on('change', () => this.lookSoon(id, SETTLE_MS));
      watcher.on('error', () => {
        watcher.close();
        const watched = this.watched.get(id);
        if (watched?.watcher === watcher) watched.watcher = null;
      });
      return watcher;
    } catch {
      // Looked at from time to time instead.
      return null;
    }
  }
}
