import type { InstanceStatus } from '../../../contracts/instance.js';

/** What one probe of the application found. */
export type ProbeResult =
  /** It answers as it should. */
  | 'ready'
  /** Nothing listens on the port. */
  | 'absent'
  /** Something listens and does not answer, or answers 500 and above. */
  | 'unhealthy';

/** What is known about the progress of a living process; times are milliseconds of one monotonic clock. */
export interface Progress {
  startedAtMs: number;
  lastOutputAtMs: number;
  /** null: it was never ready in this run. */
  lastReadyAtMs: number | null;
  /** Since when every probe found the port bound and unhealthy; null when the last one did not. */
  unhealthySinceMs: number | null;
}

export type Judgement = 'ready' | 'waiting' | 'stalled';

export interface Verdict {
  judgement: Judgement;
  /** One sentence for the operator, only for `stalled`. */
  reason: string;
}

/** Takes note of a probe. */
export function noteProbe(progress: Progress, result: ProbeResult, nowMs: number): Progress {
  return {
    ...progress,
    lastReadyAtMs: result === 'ready' ? nowMs : progress.lastReadyAtMs,
    unhealthySinceMs: result === 'unhealthy' ? (progress.unhealthySinceMs ?? nowMs) : null,
  };
}

/** A span in which nobody could look or listen, because AiKore itself stood still, is no silence of the application. */
export function afterPause(progress: Progress, pauseMs: number): Progress {
  const { lastOutputAtMs, lastReadyAtMs, unhealthySinceMs } = progress;
  const later = (momentMs: number | null): number | null => (momentMs === null ? null : momentMs + pauseMs);
  return {
    ...progress,
    lastOutputAtMs: lastOutputAtMs + pauseMs,
    lastReadyAtMs: later(lastReadyAtMs),
    unhealthySinceMs: later(unhealthySinceMs),
  };
}

/**
 * The rule of contract section 5: ready when the probe passes; stalled when for `stalledAfterMs` it printed nothing and
 * did not become ready, or its port is bound and unhealthy, or it was ready and does not answer any more.
 */
export function judge(
  progress: Progress,
  result: ProbeResult,
  nowMs: number,
  stalledAfterMs: number,
): Verdict {
  if (result === 'ready') return { judgement: 'ready', reason: '' };
  const span = describeSeconds(Math.round(stalledAfterMs / 1000));
  if (progress.lastReadyAtMs !== null) {
    return nowMs - progress.lastReadyAtMs >= stalledAfterMs
      ? { judgement: 'stalled', reason: `It was ready, but has not answered for ${span}.` }
      : { judgement: 'waiting', reason: '' };
  }
  if (progress.unhealthySinceMs !== null && nowMs - progress.unhealthySinceMs >= stalledAfterMs) {
    return { judgement: 'stalled', reason: `Its port is open, but for ${span} it gave no healthy answer.` };
  }
  const quietSinceMs = Math.max(progress.startedAtMs, progress.lastOutputAtMs);
  if (nowMs - quietSinceMs >= stalledAfterMs) {
    const reason =
      result === 'unhealthy'
        ? `For ${span} it printed nothing, and though its port is open it gave no healthy answer.`
        : `For ${span} it printed nothing and did not become ready.`;
    return { judgement: 'stalled', reason };
  }
  return { judgement: 'waiting', reason: '' };
}

/** Ports that a sentence names; an application with more has none that could be meant. */
const MAX_NAMED_PORTS = 3;

/** Adds to a reason where the application listens instead. */
export function nameOtherPorts(reason: string, port: number, others: readonly number[]): string {
  if (others.length === 0 || others.length > MAX_NAMED_PORTS) return reason;
  const named = others.length === 1 ? `port ${others.join()}` : `ports ${others.join(', ')}`;
  return `${reason} It listens on ${named} instead of ${port}, which is $WEBUI_PORT.`;
}

/** What a verdict tells the lifecycle in a status; null when it says nothing new. */
export function newsOf(
  { judgement, reason }: Verdict,
  status: InstanceStatus,
): { event: 'ready' | 'stalled' | 'revived'; reason: string } | null {
  if (judgement === 'ready' && status !== 'started') return { event: 'ready', reason: 'It is ready.' };
  if (judgement === 'stalled' && status !== 'stalled') return { event: 'stalled', reason };
  if (judgement === 'waiting' && status === 'stalled')
    return { event: 'revived', reason: 'It prints again.' };
  return null;
}

function describeSeconds(seconds: number): string {
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60} minutes`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
