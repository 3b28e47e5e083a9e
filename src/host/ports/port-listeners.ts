import { messageOf, systemCodeOf } from '../../core/errors.js';
import { describeHolder, findPortHolder } from './port-holder.js';

/** What listens on one port. */
export interface OpenPort {
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

export interface PortListenersOptions {
  /** The ports that should be listened on now. */
  wanted: () => Iterable<number>;
  /** @throws the system's error (`EADDRINUSE`, `EACCES`…) */
  open: (port: number) => Promise<OpenPort>;
  /** Told when the problems are others than before. */
  onProblems?: () => void;
}

/** A port that is somebody else's today may be free a moment later. */
const RETRY_MS = 3000;

/** Keeps listeners on just the ports that are wanted, and goes on trying where one is taken. */
export class PortListeners {
  private readonly open = new Map<number, OpenPort>();
  private found = new Map<number, string>();
  private queue = Promise.resolve();
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(private readonly options: PortListenersOptions) {}

  /** A sentence for each wanted port that cannot be listened on. */
  get problems(): ReadonlyMap<number, string> {
    return this.found;
  }

  /** Opens and closes what differs from what is wanted; resolves when that is done. Never rejects. */
  reconcile(): Promise<void> {
    this.queue = this.queue.then(() => this.settle());
    return this.queue;
  }

  /** Closes all of them, for good. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.reconcile();
  }

  private async settle(): Promise<void> {
    const wanted = new Set(this.isClosed ? [] : this.options.wanted());
    const surplus = [...this.open].filter(([port]) => !wanted.has(port));
    await Promise.all(surplus.map(([port, listener]) => this.shut(port, listener)));
    const problems = new Map<number, string>();
    for (const port of wanted) {
      const problem = this.open.has(port) ? null : await this.openOrSay(port);
      if (problem !== null) problems.set(port, problem);
    }
    this.tell(problems);
  }

  private async shut(port: number, listener: OpenPort): Promise<void> {
    this.open.delete(port);
    await listener.close();
  }

  private async openOrSay(port: number): Promise<string | null> {
    try {
      this.open.set(port, await this.options.open(port));
      return null;
    } catch (error) {
      if (systemCodeOf(error) !== 'EADDRINUSE')
        return `Port ${port} cannot be listened on: ${messageOf(error)}.`;
      const holder = await findPortHolder(port);
      return `Port ${port} is taken by ${holder === null ? 'another program' : describeHolder(holder)}.`;
    }
  }

  private tell(problems: Map<number, string>): void {
    const isChanged = JSON.stringify([...problems]) !== JSON.stringify([...this.found]);
    this.found = problems;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry =
      problems.size === 0 || this.isClosed ? null : setTimeout(() => void this.reconcile(), RETRY_MS);
    if (isChanged) this.options.onProblems?.();
  }
}
