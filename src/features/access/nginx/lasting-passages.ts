import { messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { ConnectionEnd } from '../../../host/ports/connections.js';
import { openConnections } from '../../../host/ports/connections.js';
import type { AccessCaller, LiveSockets } from '../access.ports.js';
import type { PassageNote, PassageNotes } from './passage-notes.js';

/** How often it is looked which of them are still open. */
const LOOK_INTERVAL_MS = 2000;

/** Names callers in notes, and finds them again. */
export interface Callers<Caller extends AccessCaller> {
  nameOf(caller: Caller): unknown;
  /** @returns null when that sign-in has ended meanwhile */
  find(name: unknown): Caller | null;
}

export interface LastingPassagesOptions<Caller extends AccessCaller> {
  liveSockets: LiveSockets<Caller>;
  callers: Callers<Caller>;
  notes: PassageNotes;
  /** Ends one of NGINX's workers, if it is one. */
  endWorker: (pid: number) => void;
  logger: Logger;
}

interface Passage extends PassageNote {
  remove: () => void;
}

/**
 * WebSockets and streams of events that NGINX carries. It cannot be told to end one connection, so a sign-in that ends
 * takes along the worker that has it (docs/adr/0016-nginx-engine.md).
 */
export class LastingPassages<Caller extends AccessCaller> {
  private readonly passages = new Set<Passage>();
  private readonly doomedWorkers = new Set<number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: LastingPassagesOptions<Caller>) {}

  get size(): number {
    return this.passages.size;
  }

  /** Takes over those of a former AiKore. Whose sign-in has ended meanwhile is cut. */
  takeOver(): void {
    const open = openConnections(this.options.notes.read());
    for (const note of open) {
      const caller = this.options.callers.find(note.caller);
      if (caller === null) this.endWorkerOf(note);
      else this.keep(caller, note);
    }
    this.write(() => this.options.notes.replace([...this.passages].map(noteOf)));
  }

  /** A connection is about to be handed to an application. */
  add(caller: Caller, end: ConnectionEnd, workerPid: number): void {
    const note = { ...end, workerPid, caller: this.options.callers.nameOf(caller) };
    this.keep(caller, note);
    this.write(() => this.options.notes.add(note));
  }

  /** Forgets them; they go on. */
  close(): void {
    for (const passage of this.passages) passage.remove();
    this.passages.clear();
    this.rest();
  }

  private keep(caller: Caller, note: PassageNote): void {
    const passage: Passage = { ...note, remove: () => undefined };
    this.passages.add(passage);
    const handle = this.options.liveSockets.add(caller, () => this.cut(passage));
    passage.remove = () => handle.remove();
    this.timer ??= setInterval(() => this.prune(), LOOK_INTERVAL_MS).unref();
  }

  private cut(passage: Passage): void {
    this.passages.delete(passage);
    this.rest();
    if (openConnections([passage]).size > 0) this.endWorkerOf(passage);
  }

  /** Several sockets of one session have the same worker, which is to be ended once. */
  private endWorkerOf({ workerPid }: PassageNote): void {
    if (this.doomedWorkers.has(workerPid)) return;
    this.doomedWorkers.add(workerPid);
    setImmediate(() => this.doomedWorkers.delete(workerPid));
    this.options.endWorker(workerPid);
  }

  private prune(): void {
    const open = openConnections(this.passages);
    const gone = [...this.passages].filter((passage) => !open.has(passage));
    for (const passage of gone) {
      this.passages.delete(passage);
      passage.remove();
    }
    if (gone.length > 0) this.write(() => this.options.notes.replace([...this.passages].map(noteOf)));
    this.rest();
  }

  /** Without a note a socket only cannot be ended by the AiKore after this one. */
  private write(writing: () => void): void {
    try {
      writing();
    } catch (error) {
      this.options.logger.warn('open connections cannot be written down', { error: messageOf(error) });
    }
  }

  private rest(): void {
    if (this.passages.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

function noteOf({ localPort, peerAddress, peerPort, workerPid, caller }: Passage): PassageNote {
  return { localPort, peerAddress, peerPort, workerPid, caller };
}
