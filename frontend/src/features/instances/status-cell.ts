import type { Instance } from '../../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { describeExit, statusLook, tellingReason } from '../../domain/status.js';
import { workOf } from '../../domain/work.js';
import { icon, setIcon } from '../../ui/icon.js';
import { ProgressLine } from '../../ui/progress.js';

/** Symbol, word, what it is about and since when: a status that tells its story. */
export class StatusCell {
  private readonly symbol = icon('status-stopped');
  private readonly word = h('strong', { class: 'status-word' });
  private readonly badge = h(
    'span',
    { class: 'status-badge', 'data-testid': 'status' },
    this.symbol,
    this.word,
  );
  private readonly restart = h(
    'span',
    { class: 'tag', 'data-testid': 'pending-restart' },
    'restart to apply',
  );
  private readonly story = h('span', { class: 'status-story', 'data-testid': 'status-reason' });
  /** Few rows ever need one. */
  private progress: ProgressLine | null = null;
  private readonly age = h('time', { class: 'status-age' });
  readonly element = h(
    'div',
    { class: 'cell cell-status', role: 'gridcell' },
    this.badge,
    this.age,
    this.story,
    this.restart,
  );

  update(instance: Instance, nowMs: number): void {
    const look = statusLook(instance.status);
    setIcon(this.symbol, look.symbol);
    setAttribute(this.badge, 'data-meaning', look.meaning);
    setText(this.word, instance.status);
    const story = storyOf(instance, nowMs);
    setText(this.story, story);
    setAttribute(this.story, 'data-tip', story === '' ? null : story);
    this.showProgress(instance);
    this.restart.hidden = !instance.pending_restart;
    setAttribute(this.restart, 'data-tip', 'A stored change counts after the next restart.');
    setAttribute(this.age, 'datetime', instance.status_since);
    setAttribute(this.age, 'data-tip', `since ${formatExact(instance.status_since)}`);
    this.tick(instance, nowMs);
  }

  private showProgress(instance: Instance): void {
    const work = workOf(instance);
    if (!this.progress && (work?.fraction ?? null) === null) return;
    if (!this.progress) {
      this.progress = new ProgressLine();
      this.element.append(this.progress.element);
    }
    this.progress.update(work?.phase ?? '', work?.fraction ?? null);
  }

  /** Brings what depends on the time up to date. */
  tick(instance: Instance, nowMs: number): void {
    const age = ageMs(instance.status_since, nowMs);
    setText(this.age, age === null ? '' : formatAge(age));
    if (instance.next_restart_at !== null) setText(this.story, storyOf(instance, nowMs));
  }
}

function storyOf(instance: Instance, nowMs: number): string {
  const parts: string[] = [];
  parts.push(workOf(instance)?.phase ?? tellingReason(instance));
  const exit = instance.status === 'error' ? describeExit(instance) : null;
  if (exit !== null && !parts.some((part) => part.includes(exit))) parts.push(exit);
  if (instance.next_restart_at !== null) {
    const waitMs = Date.parse(instance.next_restart_at) - nowMs;
    parts.push(waitMs > 0 ? `starts again in ${formatAge(waitMs)}` : 'starts again now');
  }
  if (instance.status === 'error') parts.push(lastWords(instance));
  return parts.filter(Boolean).join(' · ').replaceAll('. · ', ' · ');
}

const MOST_WORDS = 200;

/** What it said before it failed: with most programs the error itself. Last in the story, for it may be anything. */
function lastWords({ evidence }: Instance): string {
  const line = evidence.findLast((text) => text.trim() !== '') ?? '';
  return line.trim().slice(0, MOST_WORDS);
}
