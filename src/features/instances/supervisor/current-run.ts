import type { ProbeSpec } from '../../../contracts/blueprint.js';
import type { LifecycleStatus } from '../domain/lifecycle.js';
import type { Verdict } from '../domain/readiness.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { RunHandle, SupervisorPorts } from './supervisor.ports.js';
import { Watcher } from './watcher.js';

/** A run begins with nothing known of its end. */
export const NEW_RUN = { exit_code: null, exit_signal: null, evidence: [], failure: null, pid: null };

/** The run of an instance that is under way: who runs it, where it listens, who watches it. */
export class CurrentRun {
  handle: RunHandle | null = null;
  /** Where the application was told to listen; null when nothing runs. */
  port: number | null = null;
  private watcher: Watcher | null = null;

  constructor(
    private readonly row: InstanceEntity,
    private readonly ports: Pick<SupervisorPorts, 'probe' | 'clock'>,
    private readonly stalledAfterMs: number,
    private readonly onVerdict: (verdict: Verdict) => void,
  ) {}

  attach({ handle, port }: { handle: RunHandle; port: number }): void {
    this.handle = handle;
    this.port = port;
  }

  /**
   * @param ageMs how long it has been running
   * @param known what an earlier AiKore knew of it
   */
  watch(probe: ProbeSpec, ageMs: number, known: LifecycleStatus): void {
    this.watcher?.stop();
    const target = {
      probe,
      port: this.port ?? this.row.port,
      slug: this.row.slug,
      startedAtMs: this.ports.clock.monotonicMs() - Math.max(0, ageMs),
      wasReady: known === 'started',
      wasStalled: known === 'stalled',
    };
    this.watcher = new Watcher(target, this.stalledAfterMs, this.ports, this.onVerdict);
  }

  noteOutput(): void {
    this.watcher?.noteOutput();
  }

  unwatch(): void {
    this.watcher?.stop();
    this.watcher = null;
  }

  /** Lets it run on unattended. */
  release(): void {
    this.unwatch();
    this.handle?.release();
  }

  /** It has ended. */
  close(): void {
    this.unwatch();
    this.handle = null;
    this.port = null;
  }
}
