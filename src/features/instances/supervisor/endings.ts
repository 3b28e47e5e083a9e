import { postMortem } from './post-mortem.js';
import type { RestartPlan } from './restart-plan.js';
import { GAVE_UP, restarting } from './sentences.js';
import type { StateKeeper } from './state-keeper.js';
import type { Ending } from '../domain/exit-reason.js';
import { isActive } from '../domain/lifecycle.js';
import type { LifecycleEvent } from '../domain/lifecycle.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import type { SupervisorPorts } from './supervisor.ports.js';

/** How a run ended, as far as it is known. */
export type End = Ending & { endedAt: Date; note: string };

/** What an event tells of the state besides the status. */
export type StateFacts = Partial<InstanceState> & {
  reason?: string;
  /** An automatic restart is due after so long. */
  restartInMs?: number;
};

/** The end of a run that was asked for needs no explanation. */
const ASKED = { reason: 'Stopped.', evidence: [], failure: null };

/** What the ends of an instance's runs mean: why, and what follows. */
export class Endings {
  constructor(
    private readonly row: InstanceEntity,
    private readonly ports: Pick<SupervisorPorts, 'evidence' | 'state'>,
    private readonly keeper: StateKeeper,
    private readonly plan: RestartPlan,
  ) {}

  /** Stores the end of the run and says what the state shall tell of it. */
  async facts(end: End): Promise<StateFacts> {
    const isAsked = this.row.status === 'stopping';
    const { reason, evidence, failure } = isAsked
      ? ASKED
      : await postMortem(this.row, end, this.ports.evidence);
    await this.keeper.endRun(end, reason);
    const isRestart = isAsked && this.row.desired === 'running';
    return {
      pid: null,
      exit_code: end.exitCode,
      exit_signal: end.exitSignal,
      evidence,
      failure,
      ...(isRestart ? {} : { reason }),
    };
  }

  /**
   * What an end leads to: rest, or what the restart policy asks for.
   * @param ending null: nothing was started
   */
  outcome(
    event: LifecycleEvent,
    facts: StateFacts,
    ending: Ending | null,
  ): { event: LifecycleEvent; facts: StateFacts } {
    const { row } = this;
    if (!isActive(row.status) || row.status === 'stopping') return { event, facts };
    const decision = this.plan.decide(ending);
    if (decision.kind === 'rest') return { event, facts };
    const { reason = '' } = facts;
    if (decision.kind === 'giveUp') {
      this.ports.state.warn(row, `${row.name}: ${reason} ${GAVE_UP}`);
      return { event, facts: { ...facts, reason: `${reason} ${GAVE_UP}` } };
    }
    // The first one is told; those that follow can be seen in the row, and the last of them is told again.
    if (row.restarts === 0) this.ports.state.warn(row, restarting(row, reason));
    return { event: 'endedToRestart', facts: { ...facts, restartInMs: decision.delayMs } };
  }
}
