import type { DesiredState, InstanceStatus } from '../../../contracts/instance.js';

/**
 * The statuses of an instance on this machine. `queued` belongs to runners that must wait for a machine.
 */
export type LifecycleStatus = Exclude<InstanceStatus, 'queued'>;

export interface LifecycleState {
  status: LifecycleStatus;
  desired: DesiredState;
}

/**
 * Commands of an operator: `start`, `stop`, `restart`, `kill`. What the machine tells: `spawnFailed` (nothing runs),
 * `ready` (the probe passes), `stalled` (alive without progress, see readiness.ts), `revived` (it prints again before it
 * was ever ready), `adopted` (it was found alive at boot), `ended` (no process is left), `endedToRestart` (the same, or
 * nothing could be started, and the restart policy asks for another start). What the restart policy tells: `restartDue`,
 * and `restartCancelled` when AiKore or the operator's settings no longer want it.
 */
export type LifecycleEvent =
  | 'start'
  | 'stop'
  | 'restart'
  | 'kill'
  | 'spawnFailed'
  | 'ready'
  | 'stalled'
  | 'revived'
  | 'adopted'
  | 'ended'
  | 'endedToRestart'
  | 'restartDue'
  | 'restartCancelled';

/** What the transition asks of the machine. */
export type LifecycleEffect = 'spawn' | 'terminate' | 'killTree';

export type Transition =
  | { kind: 'move'; to: LifecycleState; effects: LifecycleEffect[] }
  /** The event says nothing new here. */
  | { kind: 'ignore' }
  /** A command that does not fit the present state: 409. */
  | { kind: 'refuse'; reason: 'active' | 'stopped' | 'busy' };

type Cell = (desired: DesiredState) => Transition;

const move = (status: LifecycleStatus, desired: DesiredState, ...effects: LifecycleEffect[]): Transition => ({
  kind: 'move',
  to: { status, desired },
  effects,
});
const to =
  (status: LifecycleStatus, desired: DesiredState, ...effects: LifecycleEffect[]): Cell =>
  () =>
    move(status, desired, ...effects);
const ignore: Cell = () => ({ kind: 'ignore' });
const refuse =
  (reason: 'active' | 'stopped' | 'busy'): Cell =>
  () => ({ kind: 'refuse', reason });

/** Where a desired run and one that is no longer desired differ. */
const byDesire =
  (running: Cell, stopped: Cell): Cell =>
  (desired) =>
    (desired === 'running' ? running : stopped)(desired);

/** Nothing runs: what `stopped` and `error` have in common. */
const resting: Record<LifecycleEvent, Cell> = {
  start: to('starting', 'running', 'spawn'),
  stop: refuse('stopped'),
  restart: to('starting', 'running', 'spawn'),
  kill: refuse('stopped'),
  spawnFailed: ignore,
  ready: ignore,
  stalled: ignore,
  revived: ignore,
  adopted: to('starting', 'running'),
  ended: ignore,
  endedToRestart: ignore,
  restartDue: ignore,
  restartCancelled: ignore,
};

/** A process lives and is wanted: what `starting`, `started` and `stalled` have in common. */
const active: Record<LifecycleEvent, Cell> = {
  start: refuse('active'),
  stop: to('stopping', 'stopped', 'terminate'),
  restart: to('stopping', 'running', 'terminate'),
  kill: to('stopping', 'stopped', 'killTree'),
  spawnFailed: to('error', 'stopped'),
  ready: to('started', 'running'),
  stalled: to('stalled', 'running'),
  revived: ignore,
  adopted: ignore,
  ended: to('error', 'stopped'),
  endedToRestart: to('error', 'running'),
  restartDue: ignore,
  restartCancelled: ignore,
};

const TABLE: Record<LifecycleStatus, Record<LifecycleEvent, Cell>> = {
  stopped: resting,
  error: {
    ...resting,
    // Stopping what failed acknowledges the failure, and calls off a restart that is due.
    stop: to('stopped', 'stopped'),
    kill: byDesire(to('stopped', 'stopped'), refuse('stopped')),
    restartDue: byDesire(to('starting', 'running', 'spawn'), ignore),
    restartCancelled: byDesire(to('error', 'stopped'), ignore),
  },
  starting: active,
  started: { ...active, ready: ignore, spawnFailed: ignore },
  stalled: { ...active, stalled: ignore, spawnFailed: ignore, revived: to('starting', 'running') },
  stopping: {
    start: refuse('busy'),
    // The second half of a restart can be called off; a stop cannot be stopped twice.
    stop: byDesire(to('stopping', 'stopped'), refuse('busy')),
    restart: refuse('busy'),
    kill: to('stopping', 'stopped', 'killTree'),
    spawnFailed: to('stopped', 'stopped'),
    ready: ignore,
    stalled: ignore,
    revived: ignore,
    adopted: (desired) => move('stopping', desired, 'terminate'),
    ended: byDesire(to('starting', 'running', 'spawn'), to('stopped', 'stopped')),
    endedToRestart: byDesire(to('starting', 'running', 'spawn'), to('stopped', 'stopped')),
    restartDue: ignore,
    restartCancelled: ignore,
  },
};

/** The whole lifecycle: (state, event) → (state, effects). Pure; every pair is defined. */
export function transition(state: LifecycleState, event: LifecycleEvent): Transition {
  return TABLE[state.status][event](state.desired);
}

/** Whether processes of the instance may live in this status. */
export function isActive(status: InstanceStatus): boolean {
  return status === 'starting' || status === 'started' || status === 'stalled' || status === 'stopping';
}
