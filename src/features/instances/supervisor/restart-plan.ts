import type { Ending } from '../domain/exit-reason.js';
import type { LifecycleStatus } from '../domain/lifecycle.js';
import { decideRestart, hasProvedItself } from '../domain/restart-policy.js';
import type { RestartDecision, RestartFacts } from '../domain/restart-policy.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import type { Clock } from './supervisor.ports.js';

type Columns = Pick<InstanceState, 'next_restart_at'> & Partial<InstanceState>;

/** The longest pause that a stored plan may still ask for, whatever became of the wall clock meanwhile. */
const LONGEST_STORED_PAUSE_MS = 75_000;
/** More would only say again that the longest pause is reached. */
const KEPT_RESTARTS = 32;

/**
 * The automatic restarts of one instance: what was done, what is due. It counts on the monotonic clock, so that a wall
 * clock that is set neither hastens nor delays anything; the row keeps wall times for people and for the next AiKore.
 */
export class RestartPlan {
  private restartedAtMs: number[];
  private readySinceMs: number | null;
  private timer: NodeJS.Timeout | undefined;
  private isHeld = false;

  constructor(
    private readonly row: InstanceEntity,
    private readonly clock: Clock,
    private readonly onDue: () => void,
  ) {
    this.restartedAtMs = row.restart_times.map((time) => this.monotonicOf(time));
    this.readySinceMs = row.status === 'started' ? this.monotonicOf(row.status_since) : null;
  }

  /** What follows the end of a run, or a start that failed (null). */
  decide(ending: Ending | null): RestartDecision {
    const facts = this.facts(ending);
    if (hasProvedItself(facts)) this.restartedAtMs = [];
    return decideRestart(facts, Math.random());
  }

  noteStatus(status: LifecycleStatus): void {
    if (status !== 'started') this.readySinceMs = null;
    else this.readySinceMs ??= this.clock.monotonicMs();
  }

  /** Plans a restart. @returns what the row shall say of it */
  arm(delayMs: number): Columns {
    clearTimeout(this.timer);
    if (!this.isHeld) this.timer = setTimeout(this.onDue, delayMs);
    return { next_restart_at: new Date(this.clock.now().getTime() + delayMs).toISOString() };
  }

  /** Nothing is started until `resume`: a boot still finds out what there is, and brings folders into their places. */
  hold(): void {
    this.isHeld = true;
  }

  /**
   * Takes up what an earlier AiKore, or this one's boot, has planned.
   * @returns what the row shall say of it where that changes, as after a wall clock that was set; else null
   */
  resume(): Columns | null {
    this.isHeld = false;
    if (this.row.next_restart_at === null) return null;
    const leftMs = Date.parse(this.row.next_restart_at) - this.clock.now().getTime();
    const columns = this.arm(Math.min(LONGEST_STORED_PAUSE_MS, Math.max(0, leftMs)));
    return leftMs > LONGEST_STORED_PAUSE_MS ? columns : null;
  }

  /** Nothing is due any more. @returns what the row shall say of it */
  cancel(): Columns {
    clearTimeout(this.timer);
    return { next_restart_at: null };
  }

  /** A start begins. @returns what the row shall say of it */
  noteStart(isAutomatic: boolean): Columns {
    const nothingDue = this.cancel();
    if (!isAutomatic) {
      this.restartedAtMs = [];
      return { ...nothingDue, restarts: 0, restart_times: [] };
    }
    this.restartedAtMs = [...this.restartedAtMs, this.clock.monotonicMs()].slice(-KEPT_RESTARTS);
    const restart_times = this.restartedAtMs.map((atMs) => this.wallOf(atMs));
    return { ...nothingDue, restarts: this.row.restarts + 1, restart_times };
  }

  private facts(ending: Ending | null): RestartFacts {
    const { readySinceMs, restartedAtMs } = this;
    return {
      policy: this.row.restart_policy,
      ending,
      readySinceMs,
      restartedAtMs,
      nowMs: this.clock.monotonicMs(),
    };
  }

  /** A time that lies in the future, because the clock was set back, counts as now. */
  private monotonicOf(time: string): number {
    const ageMs = this.clock.now().getTime() - Date.parse(time);
    return this.clock.monotonicMs() - Math.max(0, ageMs);
  }

  private wallOf(atMs: number): string {
    return new Date(this.clock.now().getTime() - (this.clock.monotonicMs() - atMs)).toISOString();
  }
}
