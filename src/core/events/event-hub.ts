import type { EventType, ServerEvent } from '../../contracts/events.js';

type Listener = (event: ServerEvent) => void;
type DataOf<T extends EventType> = Extract<ServerEvent, { type: T }>['data'];

/** Numbers every event and hands it to all listeners, in order. Events that only some get do not pass here. */
export class EventHub {
  private readonly listeners = new Set<Listener>();
  private lastSeq = 0;

  /** Number of the newest event; a snapshot taken in the same tick carries it. */
  get seq(): number {
    return this.lastSeq;
  }

  publish<T extends EventType>(type: T, data: DataOf<T>): void {
    this.lastSeq += 1;
    const event = { type, seq: this.lastSeq, data } as ServerEvent;
    for (const listener of [...this.listeners]) listener(event);
  }

  /** @returns ends the subscription */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.listeners.size;
  }
}
