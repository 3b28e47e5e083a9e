import type { ConnectionEnd } from '../../../host/ports/connections.js';
import { openConnections } from '../../../host/ports/connections.js';
import type { AccessCaller, LiveSockets } from '../access.ports.js';

/** How often it is looked which of them are still open. */
const LOOK_INTERVAL_MS = 2000;

interface Passage {
  localPort: number;
  peerAddress: string;
  peerPort: number;
  workerPid: number;
  remove: () => void;
}

/**
 * WebSockets and streams of events that NGINX carries. It cannot be told to end one connection, so a sign-in that ends
 * takes along the worker that has it (docs/adr/0016-nginx-engine.md).
 */
export class LastingPassages<Caller extends AccessCaller> {
  private readonly passages = new Set<Passage>();
  private timer: NodeJS.Timeout | null = null;
  private readonly doomedWorkers = new Set<number>();

  /** @param endWorker ends one of NGINX's workers, if it is one */
  constructor(
    private readonly liveSockets: LiveSockets<Caller>,
    private readonly endWorker: (pid: number) => void,
  ) {}

  get size(): number {
    return this.passages.size;
  }

  /** A connection is about to be handed to an application. */
  add(caller: Caller, end: ConnectionEnd, workerPid: number): void {
    const passage: Passage = { ...end, workerPid, remove: () => undefined };
    const handle = this.liveSockets.add(caller, () => this.cut(passage));
    passage.remove = () => handle.remove();
    this.passages.add(passage);
    this.timer ??= setInterval(() => this.prune(), LOOK_INTERVAL_MS).unref();
  }

  close(): void {
    for (const passage of this.passages) passage.remove();
    this.passages.clear();
    this.rest();
  }

  private cut(passage: Passage): void {
    this.passages.delete(passage);
    this.rest();
    if (openConnections([passage]).size === 0) return;
    // Several sockets of one session have the same worker, which is to be ended once.
    if (this.doomedWorkers.has(passage.workerPid)) return;
    this.doomedWorkers.add(passage.workerPid);
    setImmediate(() => this.doomedWorkers.delete(passage.workerPid));
    this.endWorker(passage.workerPid);
  }

  private prune(): void {
    const open = openConnections(this.passages);
    for (const passage of [...this.passages]) {
      if (open.has(passage)) continue;
      this.passages.delete(passage);
      passage.remove();
    }
    this.rest();
  }

  private rest(): void {
    if (this.passages.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}
