import type { Instance, InstanceStatus } from '../../../src/contracts/instance.js';
import { formatAge } from '../base/format.js';

/** The four meanings of the colours, and quiet for what rests. */
export type Meaning = 'fine' | 'working' | 'attention' | 'failed' | 'quiet';

interface StatusLook {
  meaning: Meaning;
  /** Name of the symbol in the icon set; each status has its own, so that colour is never alone. */
  symbol: `status-${InstanceStatus}`;
}

const LOOKS: Record<InstanceStatus, StatusLook> = {
  stopped: { meaning: 'quiet', symbol: 'status-stopped' },
  queued: { meaning: 'working', symbol: 'status-queued' },
  starting: { meaning: 'working', symbol: 'status-starting' },
  started: { meaning: 'fine', symbol: 'status-started' },
  stalled: { meaning: 'attention', symbol: 'status-stalled' },
  stopping: { meaning: 'working', symbol: 'status-stopping' },
  error: { meaning: 'failed', symbol: 'status-error' },
};

export function statusLook(status: InstanceStatus): StatusLook {
  return LOOKS[status];
}

/** Whether processes of the instance live, or are about to. */
export function isActive(status: InstanceStatus): boolean {
  return status !== 'stopped' && status !== 'error';
}

export interface StatusCounts {
  total: number;
  running: number;
  busy: number;
  stalled: number;
  failed: number;
}

export function countStatuses(instances: Iterable<Pick<Instance, 'status'>>): StatusCounts {
  const counts: StatusCounts = { total: 0, running: 0, busy: 0, stalled: 0, failed: 0 };
  for (const { status } of instances) {
    counts.total += 1;
    if (status === 'started') counts.running += 1;
    else if (status === 'stalled') counts.stalled += 1;
    else if (status === 'error') counts.failed += 1;
    else if (status !== 'stopped') counts.busy += 1;
  }
  return counts;
}

/** `4 running · 1 starting or stopping · 1 failed`; parts that are zero are left out, but never all. */
export function describeCounts(counts: StatusCounts): string {
  const parts: string[] = [];
  if (counts.running > 0) parts.push(`${String(counts.running)} running`);
  if (counts.busy > 0) parts.push(`${String(counts.busy)} on the way`);
  if (counts.stalled > 0) parts.push(`${String(counts.stalled)} stalled`);
  if (counts.failed > 0) parts.push(`${String(counts.failed)} failed`);
  if (parts.length > 0) return parts.join(' · ');
  return counts.total === 0 ? 'none yet' : `${String(counts.total)} stopped`;
}

/** The page's title, for a tab in the background. */
export function pageTitle(counts: StatusCounts, isConnected: boolean): string {
  if (!isConnected) return '(connection lost) AiKore';
  if (counts.failed > 0) return `(${String(counts.failed)} failed) AiKore`;
  if (counts.stalled > 0) return `(${String(counts.stalled)} stalled) AiKore`;
  if (counts.busy > 0) return `(${String(counts.busy)} on the way) AiKore`;
  return 'AiKore';
}

const BARE_SENTENCES: ReadonlySet<string> = new Set(['Stopped.', 'It is being started.', 'It failed.']);

/** The reason of a status, where it says more than the word does. One that runs as it should needs none. */
export function tellingReason({
  status,
  status_reason: reason,
}: Pick<Instance, 'status' | 'status_reason'>): string {
  return status === 'started' || BARE_SENTENCES.has(reason) ? '' : reason;
}

/** How an ended run ended: `exit code 1`, `signal SIGKILL`, or null. */
export function describeExit(instance: Pick<Instance, 'exit_code' | 'exit_signal'>): string | null {
  if (instance.exit_signal !== null) return `signal ${instance.exit_signal}`;
  if (instance.exit_code !== null) return `exit code ${String(instance.exit_code)}`;
  return null;
}

type Told = Pick<
  Instance,
  | 'status'
  | 'status_reason'
  | 'phase'
  | 'failure'
  | 'evidence'
  | 'exit_code'
  | 'exit_signal'
  | 'next_restart_at'
>;

/** What stands beside a status in one line: what matters most comes first, for a narrow column cuts the rest. */
export function storyOf(instance: Told, nowMs: number): string {
  const parts: string[] = [];
  const hasFailed = instance.status === 'error';
  if (hasFailed && instance.failure !== null) parts.push(firstSentence(instance.failure.message));
  if (instance.phase !== null && instance.status === 'starting') parts.push(instance.phase);
  else parts.push(tellingReason(instance));
  const exit = hasFailed ? describeExit(instance) : null;
  if (exit !== null && !parts.some((part) => part.includes(exit))) parts.push(exit);
  if (instance.next_restart_at !== null) {
    const waitMs = Date.parse(instance.next_restart_at) - nowMs;
    parts.push(waitMs > 0 ? `starts again in ${formatAge(waitMs)}` : 'starts again now');
  }
  if (hasFailed && instance.failure === null) parts.push(lastWords(instance));
  return parts.filter(Boolean).join(' · ').replaceAll('. · ', ' · ');
}

/** What a known failure is, without what helps: that is a button. */
function firstSentence(message: string): string {
  return /^.*?[.!?](?=\s|$)/su.exec(message)?.[0] ?? message;
}

const MOST_WORDS = 200;

/** What it said before it failed: with most programs the error itself. Last in the story, for it may be anything. */
function lastWords({ evidence }: Pick<Instance, 'evidence'>): string {
  const line = evidence.findLast((text) => text.trim() !== '') ?? '';
  return line.trim().slice(0, MOST_WORDS);
}
