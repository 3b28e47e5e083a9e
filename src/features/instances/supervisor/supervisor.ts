import { AppError, messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { Ending } from '../domain/exit-reason.js';
import { isActive, transition } from '../domain/lifecycle.js';
import type { LifecycleEffect, LifecycleEvent } from '../domain/lifecycle.js';
import { newsOf } from '../domain/readiness.js';
import type { Verdict } from '../domain/readiness.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import { ActionQueue } from './action-queue.js';
import { CurrentRun, NEW_RUN } from './current-run.js';
import { Endings } from './endings.js';
import type { End, StateFacts } from './endings.js';
import { Holds } from './holds.js';
import { RestartPlan } from './restart-plan.js';
import { noSuchInstance, reasonFor, refusal, stillActive } from './sentences.js';
import { StateKeeper } from './state-keeper.js';
import { StepReader } from './step-reader.js';
import { unknownEnd } from './unknown-end.js';
import type {
  FoundRun,
  MissedEnd,
  OutputListener,
  RunHandle,
  RunListener,
  SupervisorOptions,
  SupervisorPorts,
} from './supervisor.ports.js';

/**
 * The only writer of one instance's state. Commands and what the machine tells pass through one queue; `kill` goes to
 * its front.
 */
export class Supervisor {
  private readonly queue: ActionQueue;
  private readonly outputListeners = new Set<OutputListener>();
  private readonly steps: StepReader;
  private readonly keeper: StateKeeper;
  private readonly plan: RestartPlan;
  private readonly endings: Endings;
  private readonly current: CurrentRun;
  readonly holds = new Holds(() => this.restartIsDue());
  private isRetired = false;

  constructor(
    readonly row: InstanceEntity,
    private readonly ports: SupervisorPorts,
    private readonly options: SupervisorOptions,
    private readonly logger: Logger,
  ) {
    this.queue = new ActionQueue((error) => {
      logger.error('a supervisor failed', { instance: row.id, error });
    });
    this.keeper = new StateKeeper(row, ports.state, logger);
    this.steps = new StepReader(row, ports.phase, () => ports.state.changed(row));
    this.plan = new RestartPlan(row, ports.clock, () => this.restartIsDue());
    this.endings = new Endings(row, ports, this.keeper, this.plan);
    this.current = new CurrentRun(row, ports, options.stalledAfterMs, (verdict) => this.judged(verdict));
  }

  /** The phase that the blueprint announced last in this run. */
  get phase(): string | null {
    return this.row.status === 'starting' || this.row.status === 'stalled' ? this.steps.current : null;
  }

  get isActive(): boolean {
    return isActive(this.row.status);
  }

  /** Where the application listens; while a changed port waits for a restart, that is not the row's. */
  get port(): number {
    return this.current.port ?? this.row.port;
  }

  /**
   * Carries out a command. Settles once the new state is stored and told; what follows comes as events.
   * @throws AppError `conflict` when it does not fit the present state
   */
  command(command: 'start' | 'stop' | 'restart' | 'kill'): Promise<void> {
    return new Promise((resolve, reject) => {
      const action = async (): Promise<void> => {
        if (this.isRetired) throw noSuchInstance(this.row.id);
        this.holds.checkCommand(this.row, command);
        await this.take(command, {}, resolve);
      };
      // Only the first of these is heard: once the command is answered, a failure is the log's.
      const onFault = (error: unknown): void => {
        reject(error instanceof Error ? error : new Error(messageOf(error)));
        if (!(error instanceof AppError))
          this.logger.error('a command failed', { instance: this.row.id, command, error });
      };
      this.queue.push(() => action().catch(onFault), command === 'kill');
    });
  }

  /**
   * Finds out at boot what became of the instance while no AiKore looked; automatic restarts wait for `resumeRestart`. One
   * that is beyond help holds up no other.
   */
  boot(): Promise<void> {
    this.plan.hold();
    // In the queue, so that an end that is told meanwhile is heard after the adoption and not forgotten by it.
    return this.queue.run(async () => {
      try {
        const found = await this.ports.runner.find(this.row, this.listener());
        if (found === null) return;
        await ('handle' in found ? this.adopt(found) : this.settleMissedEnd(found));
      } catch (error) {
        this.logger.error('an instance could not be found again', { instance: this.row.id, error });
        const facts = { desired: 'stopped', pid: null, status_reason: messageOf(error) } as const;
        await this.keeper.write({ ...this.plan.cancel(), status: 'error', ...facts });
      }
    });
  }

  /** Settles when all that was asked of it before is done, such as the launch that follows a start. */
  settled(): Promise<void> {
    return this.queue.run(() => Promise.resolve());
  }

  /** The boot is over: an automatic restart that is due may come. */
  resumeRestart(): Promise<void> {
    return this.queue.run(async () => {
      const changed = this.isRetired ? null : this.plan.resume();
      if (changed !== null) await this.keeper.write(changed);
    });
  }

  /**
   * Does something that no command may come between, such as moving the instance's folder.
   * @param deed for the sentence that refuses it: "renaming"
   * @throws AppError `conflict` while processes of it may live
   */
  whileResting(deed: string, task: () => Promise<void>): Promise<void> {
    return this.queue.run(async () => {
      if (this.isActive) throw stillActive(this.row, deed);
      this.holds.check(this.row);
      await task();
    });
  }

  /** Keeps it at rest for something long: what would start or move it is refused. @returns ends that; several may do it */
  hold(deed: string): Promise<() => void> {
    // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
    return this.queue.run(async () => {
      if (this.isActive) throw stillActive(this.row, deed);
      return this.holds.take();
    });
  }

  /** An automatic restart that is due is not wanted any more; what failed stays failed. */
  cancelRestart(): Promise<void> {
    return this.queue.run(async () => {
      if (!this.isRetired) await this.take('restartCancelled', { reason: this.row.status_reason });
    });
  }

  /** The instance is deleted: commands that still wait find nothing. */
  retire(): void {
    this.isRetired = true;
    this.release();
  }

  /** Lets the instance run on unattended. */
  release(): void {
    this.plan.cancel();
    this.current.release();
    this.steps.stop();
  }

  /** Changes what else the row says of the state, in order with everything else. */
  update(patch: Partial<InstanceState>): Promise<void> {
    return this.queue.run(() => this.keeper.write(patch));
  }

  /** @returns ends the subscription */
  onOutput(listener: OutputListener): () => void {
    this.outputListeners.add(listener);
    return () => this.outputListeners.delete(listener);
  }

  private async adopt(found: FoundRun): Promise<void> {
    const known = this.row.status;
    this.current.attach(found);
    await this.keeper.write({ run: found.run, pid: found.pid });
    await this.take('adopted', { reason: 'It was found running.' });
    if (this.row.status === 'stopping') return;
    this.current.watch(found.probe, this.ports.clock.now().getTime() - found.startedAt.getTime(), known);
  }

  private async settleMissedEnd(missed: MissedEnd): Promise<void> {
    // It was stopped, which a full disk kept from being stored.
    const asked = missed.wasAsked ? ({ status: 'stopping', desired: 'stopped' } as const) : {};
    await this.keeper.write({ run: missed.run, ...asked });
    const facts = await this.endings.facts(missed.ending);
    await this.settleEnd(
      'ended',
      missed.hasRun ? facts : { ...facts, evidence: [], failure: null },
      missed.ending,
    );
  }

  /** One turn of the machine: look up, store, tell, act. */
  private async take(event: LifecycleEvent, facts: StateFacts, onTaken?: () => void): Promise<void> {
    const { status, desired } = this.row;
    const result = transition({ status, desired }, event);
    if (result.kind === 'refuse') throw refusal(this.row, result.reason);
    if (result.kind === 'ignore') {
      onTaken?.();
      return;
    }
    const { reason, restartInMs, ...columns } = facts;
    const hasMoved = result.to.status !== status;
    const isStart = result.effects.includes('spawn');
    this.plan.noteStatus(result.to.status);
    // Before the new status is told: the last phase of the run before is none of this one.
    if (isStart) this.steps.beginRun();
    await this.keeper.write({
      ...columns,
      ...(restartInMs === undefined ? this.plan.cancel() : this.plan.arm(restartInMs)),
      ...(isStart ? { ...NEW_RUN, ...this.plan.noteStart(event === 'restartDue') } : {}),
      ...result.to,
      status_reason: reason ?? reasonFor(result.to.status, result.effects, this.options.stopGraceMs),
      ...(hasMoved ? { status_since: this.ports.clock.now().toISOString() } : {}),
    });
    onTaken?.();
    for (const effect of result.effects) await this.perform(effect);
  }

  private async perform(effect: LifecycleEffect): Promise<void> {
    if (effect === 'spawn') return this.spawn();
    this.current.unwatch();
    this.current.handle ??= await this.reattach();
    const { handle } = this.current;
    if (handle === null) return this.ended(unknownEnd(''));
    if (effect === 'terminate') handle.terminate(this.options.stopGraceMs);
    else handle.killTree();
  }

  /** Nothing is called stopped only because nobody could speak with it at boot. */
  private async reattach(): Promise<RunHandle | null> {
    const found = await this.ports.runner.find(this.row, this.listener());
    return found !== null && 'handle' in found ? found.handle : null;
  }

  private async spawn(): Promise<void> {
    const leasedPort = this.row.port;
    try {
      const started = await this.ports.runner.start(this.row, this.listener());
      this.current.attach(started);
      const reason = started.note === '' ? {} : { status_reason: started.note };
      if (started.note !== '') this.ports.state.warn(this.row, `${this.row.name}: ${started.note}`);
      await this.keeper.write({
        run: started.run,
        pid: started.pid,
        // A port that the operator has chosen meanwhile stays: it counts from the next start on.
        ...(this.row.port === leasedPort ? { port: started.port } : {}),
        pending_restart: false,
        ...reason,
      });
      this.current.watch(started.probe, 0, 'starting');
    } catch (error) {
      await this.settleEnd('spawnFailed', { reason: `It could not be started: ${messageOf(error)}` }, null);
    }
  }

  private restartIsDue(): void {
    this.queue.push(async () => {
      if (!this.isRetired && !this.holds.delaysRestart())
        await this.take('restartDue', { reason: 'It is being started again.' });
    });
  }

  private judged(verdict: Verdict): void {
    const news = newsOf(verdict, this.row.status);
    if (news !== null) this.queue.push(() => this.take(news.event, { reason: news.reason }));
  }

  private listener(): RunListener {
    return {
      onOutput: (sizeBytes, run) => {
        this.current.noteOutput();
        this.steps.noteSize(sizeBytes);
        for (const listener of this.outputListeners) listener(sizeBytes, run);
      },
      onEnded: (end) => this.queue.push(() => this.ended(end)),
    };
  }

  private async ended(end: End): Promise<void> {
    this.current.close();
    this.steps.stop();
    await this.settleEnd('ended', await this.endings.facts(end), end);
  }

  private settleEnd(event: LifecycleEvent, known: StateFacts, ending: Ending | null): Promise<void> {
    const outcome = this.endings.outcome(event, known, ending);
    return this.take(outcome.event, outcome.facts);
  }
}
