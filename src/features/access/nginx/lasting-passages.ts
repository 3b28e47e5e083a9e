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

/** The notes may have so many lines more than there are passages, and as many again, before they are written anew. */
const MAX_STALE_LINES = 64;

/**
 * WebSockets and streams of events that NGINX carries. It cannot be told to end one connection, so a sign-in that ends
 * takes along the worker that has it (docs/adr/0016-nginx-engine.md).
 */
export class LastingPassages<Caller extends AccessCaller> {
  /** By connection, which carries one thing at a time. */
  private readonly passages = new Map<string, Passage>();
  /** Of a sign-in that has just ended. */
  private doomed: Passage[] = [];
  private noteLines = 0;
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
    this.writeAnew();
  }

  /** A connection is about to be handed to an application. What it carried before has ended. */
  add(caller: Caller, end: ConnectionEnd, workerPid: number): void {
    const note = { ...end, workerPid, caller: this.options.callers.nameOf(caller) };
    const present = this.passages.get(keyOf(end));
    if (present !== undefined && lineOf(present) === lineOf(note)) return;
    this.forget(end);
    this.keep(caller, note);
    if (this.noteLines > 2 * this.passages.size + MAX_STALE_LINES) this.writeAnew();
    else {
      this.noteLines += 1;
      this.write(() => this.options.notes.add(note));
    }
  }

  /** A connection carries something else now, which does not last. */
  forget(end: ConnectionEnd): void {
    const key = keyOf(end);
    this.passages.get(key)?.remove();
    this.passages.delete(key);
    this.rest();
  }

  /** Forgets them; they go on. */
  close(): void {
    for (const passage of this.passages.values()) passage.remove();
    this.passages.clear();
    this.rest();
  }

  private keep(caller: Caller, note: PassageNote): void {
    const passage: Passage = { ...note, remove: () => undefined };
    this.passages.set(keyOf(note), passage);
    const handle = this.options.liveSockets.add(caller, () => this.cut(passage));
    passage.remove = () => handle.remove();
    this.timer ??= setInterval(() => this.prune(), LOOK_INTERVAL_MS).unref();
  }

  /** A sign-in ends with all that it has open: the kernel's table, which may be long, is read once for all of it. */
  private cut(passage: Passage): void {
    this.passages.delete(keyOf(passage));
    this.rest();
    this.doomed.push(passage);
    if (this.doomed.length > 1) return;
    setImmediate(() => {
      const { doomed } = this;
      this.doomed = [];
      for (const open of openConnections(doomed)) this.endWorkerOf(open);
    });
  }

  /** Several sockets of one session have the same worker, which is to be ended once. */
  private endWorkerOf({ workerPid }: PassageNote): void {
    if (this.doomedWorkers.has(workerPid)) return;
    this.doomedWorkers.add(workerPid);
    setImmediate(() => this.doomedWorkers.delete(workerPid));
    this.options.endWorker(workerPid);
  }

  private prune(): void {
    const present = [...this.passages.values()];
    const open = openConnections(present);
    const gone = present.filter((passage) => !open.has(passage));
    for (const passage of gone) this.forget(passage);
    if (gone.length > 0) this.writeAnew();
  }

  private writeAnew(): void {
    this.noteLines = this.passages.size;
    this.write(() => this.options.notes.replace([...this.passages.values()].map(noteOf)));
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

function keyOf({ localPort, peerAddress, peerPort }: ConnectionEnd): string {
  return `${localPort} ${peerAddress} ${peerPort}`;
}

function lineOf(note: PassageNote): string {
  return JSON.stringify([note.workerPid, note.caller]);
}

function noteOf({ localPort, peerAddress, peerPort, workerPid, caller }: Passage): PassageNote {
  return { localPort, peerAddress, peerPort, workerPid, caller };
}
