import type { ProbeSpec } from '../../../contracts/blueprint.js';
import { afterPause, judge, nameOtherPorts, noteProbe } from '../domain/readiness.js';
import type { ProbeResult, Progress, Verdict } from '../domain/readiness.js';
import type { Clock, ProbePort } from './supervisor.ports.js';

/** How often the application is asked, by what is known of it. */
const STARTING_INTERVAL_MS = 200;
/** An installation takes minutes; asking five times a second is for the first one. */
const LONG_STARTING_INTERVAL_MS = 1000;
const LONG_AFTER_MS = 60_000;
const READY_INTERVAL_MS = 10_000;
/** No probe takes longer, its timeout included. */
const PROBE_LIMIT_MS = 4000;
/** A timer that is so much too late was held up by more than a busy machine: AiKore was halted, or its thread blocked. */
const PAUSE_MS = 500;

export interface WatchTarget {
  probe: ProbeSpec;
  port: number;
  slug: string;
  startedAtMs: number;
  /** An earlier AiKore saw it ready. */
  wasReady: boolean;
  /** An earlier AiKore saw it make no progress; only news from it changes that. */
  wasStalled: boolean;
}

/** Probes one running application, one probe at a time, and tells what it thinks of it. */
export class Watcher {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isStalled = false;
  private progress: Progress;
  /** When the next look should begin. */
  private dueAtMs: number;

  constructor(
    private readonly target: WatchTarget,
    private readonly stalledAfterMs: number,
    private readonly ports: { probe: ProbePort; clock: Clock },
    private readonly onVerdict: (verdict: Verdict) => void,
  ) {
    const nowMs = ports.clock.monotonicMs();
    this.progress = {
      startedAtMs: target.startedAtMs,
      // What it printed before anybody looked is not known: an installation that was adopted gets its time to print,
      // unless it was known to be silent.
      lastOutputAtMs: target.wasStalled ? target.startedAtMs : nowMs,
      lastReadyAtMs: target.wasReady ? nowMs : null,
      unhealthySinceMs: null,
    };
    this.dueAtMs = nowMs;
    void this.look();
  }

  noteOutput(): void {
    this.progress = { ...this.progress, lastOutputAtMs: this.ports.clock.monotonicMs() };
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const { probe, port, slug } = this.target;
    const beganMs = this.ports.clock.monotonicMs();
    this.forgive(beganMs - this.dueAtMs);
    const result = await this.ports.probe.probe(probe, port, slug);
    if (this.isStopped) return;
    const nowMs = this.ports.clock.monotonicMs();
    this.forgive(nowMs - beganMs - PROBE_LIMIT_MS);
    this.progress = noteProbe(this.progress, result, nowMs);
    const verdict = judge(this.progress, result, nowMs, this.stalledAfterMs);
    this.follow(await this.asTold(verdict, result), nowMs);
  }

  private follow(verdict: Verdict, nowMs: number): void {
    if (this.isStopped) return;
    // A program without a port is ready while it lives, and its end is told by its runner.
    if (this.target.probe.type !== 'process') {
      const nextInMs = this.nextInMs(verdict, nowMs);
      this.dueAtMs = nowMs + nextInMs;
      this.timer = setTimeout(() => void this.look(), nextInMs);
    }
    this.onVerdict(verdict);
  }

  private asTold(verdict: Verdict, result: ProbeResult): Verdict | Promise<Verdict> {
    const isNews = verdict.judgement === 'stalled' && !this.isStalled;
    this.isStalled = verdict.judgement === 'stalled';
    return isNews && result === 'absent' ? this.withOtherPorts(verdict) : verdict;
  }

  /** The commonest reason why nobody listens: the application was given its port and took another. */
  private async withOtherPorts(verdict: Verdict): Promise<Verdict> {
    const { port, slug } = this.target;
    try {
      return {
        ...verdict,
        reason: nameOtherPorts(verdict.reason, port, await this.ports.probe.otherPorts(port, slug)),
      };
    } catch {
      // A better sentence is not worth a probe that fails.
      return verdict;
    }
  }

  private forgive(pauseMs: number): void {
    if (pauseMs > PAUSE_MS) this.progress = afterPause(this.progress, pauseMs);
  }

  private nextInMs(verdict: Verdict, nowMs: number): number {
    if (verdict.judgement === 'ready') return READY_INTERVAL_MS;
    return nowMs - this.progress.startedAtMs < LONG_AFTER_MS
      ? STARTING_INTERVAL_MS
      : LONG_STARTING_INTERVAL_MS;
  }
}
