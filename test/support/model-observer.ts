import type { ServerEvent } from '../../src/contracts/events.js';
import type { Instance } from '../../src/contracts/instance.js';
import { transition } from '../../src/features/instances/domain/lifecycle.js';
import type { LifecycleEvent, LifecycleState } from '../../src/features/instances/domain/lifecycle.js';
import type { EventsClient } from './events-client.js';

/** Every event of the table; the type asks for a new one to be added here. */
const IS_EVENT: Record<LifecycleEvent, true> = {
  start: true,
  stop: true,
  restart: true,
  kill: true,
  spawnFailed: true,
  ready: true,
  stalled: true,
  revived: true,
  adopted: true,
  ended: true,
  endedToRestart: true,
  restartDue: true,
  restartCancelled: true,
};
const EVENTS = Object.keys(IS_EVENT) as LifecycleEvent[];

/** Looks for a process that lives although the run is said to be over. @returns a sentence, or null */
export type RestCheck = (instance: Instance) => string | null;

/**
 * Holds what one viewer is told against the lifecycle's table: no number is left out, every change of an instance is one
 * that a single event makes, and whatever is said to rest has no process.
 */
export class StoryObserver {
  private at = 0;
  private lastSeq: number | null = null;
  private readonly known = new Map<number, LifecycleState>();

  constructor(
    private readonly viewer: EventsClient,
    private readonly checkRest: RestCheck,
    private readonly accuse: (violation: string) => void,
  ) {}

  /** Reads what has come since the last call. */
  readNew(): void {
    for (; this.at < this.viewer.events.length; this.at += 1) {
      const event = this.viewer.events[this.at];
      if (event !== undefined) this.read(event);
    }
  }

  private read(event: ServerEvent): void {
    this.checkNumber(event);
    if (event.type === 'snapshot') for (const instance of event.data.instances) this.meet(instance);
    if (event.type === 'instance.created') this.meet(event.data);
    if (event.type === 'instance.updated' || event.type === 'instance.state') this.follow(event.data);
    if (event.type === 'instance.removed') {
      const last = this.known.get(event.data.id)?.status;
      if (last !== 'stopped' && last !== 'error')
        this.accuse(`${event.data.name} was removed while it was ${last ?? 'unknown'}`);
      this.known.delete(event.data.id);
    }
  }

  private checkNumber({ type, seq }: ServerEvent): void {
    const isForAll = type !== 'log.appended';
    if (this.lastSeq !== null && seq !== this.lastSeq + (isForAll ? 1 : 0) && type !== 'notice')
      this.accuse(`event ${seq} (${type}) follows ${this.lastSeq}`);
    if (isForAll) this.lastSeq = Math.max(seq, this.lastSeq ?? 0);
  }

  private meet(instance: Instance): void {
    this.known.set(instance.id, stateOf(instance));
    this.checkEnd(instance);
  }

  private follow(instance: Instance): void {
    const before = this.known.get(instance.id);
    const after = stateOf(instance);
    if (before === undefined) this.accuse(`${instance.name} is told of before it was made`);
    else if (!isOneStep(before, after))
      this.accuse(`${instance.name} went from ${show(before)} to ${show(after)}`);
    this.meet(instance);
  }

  private checkEnd(instance: Instance): void {
    if (instance.status_reason.trim() === '') this.accuse(`${instance.name} gives no reason`);
    if (instance.status !== 'stopped' && instance.status !== 'error') return;
    if (instance.pid !== null) this.accuse(`${instance.name} rests and has pid ${instance.pid}`);
    const violation = this.checkRest(instance);
    if (violation !== null) this.accuse(violation);
  }
}

function stateOf({ status, desired }: Instance): LifecycleState {
  if (status === 'queued') throw new Error('nothing is queued on this machine');
  return { status, desired };
}

/** Whether one event leads from one state to the other, or nothing has changed. */
function isOneStep(before: LifecycleState, after: LifecycleState): boolean {
  if (show(before) === show(after)) return true;
  return EVENTS.some((event) => {
    const result = transition(before, event);
    return result.kind === 'move' && show(result.to) === show(after);
  });
}

function show({ status, desired }: LifecycleState): string {
  return `${status} (wanted ${desired})`;
}
