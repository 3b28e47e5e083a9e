import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { statusLook, storyOf } from '../../domain/status.js';
import { workOf } from '../../domain/work.js';
import { button } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import { ProgressLine } from '../../ui/progress-line.js';

export interface StatusCellHost {
  /** Whether a remedy makes sense on this machine. */
  canMend(remedy: Remedy): boolean;
  mend(remedy: Remedy): void;
}

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
  private remedy: Remedy | null = null;
  private readonly remedyButton = button({
    label: '',
    testId: 'row-remedy',
    attributes: { tabindex: -1, hidden: true },
    onClick: () => this.remedy && this.host.mend(this.remedy),
  });
  readonly element = h(
    'div',
    { class: 'cell cell-status', role: 'gridcell' },
    this.badge,
    this.age,
    this.story,
    this.remedyButton,
    this.restart,
  );

  constructor(private readonly host: StatusCellHost) {
    this.remedyButton.classList.add('row-remedy');
  }

  update(instance: Instance, nowMs: number): void {
    const look = statusLook(instance.status);
    setIcon(this.symbol, look.symbol);
    setAttribute(this.badge, 'data-meaning', look.meaning);
    setText(this.word, instance.status);
    const story = storyOf(instance, nowMs);
    setText(this.story, story);
    setAttribute(this.story, 'data-tip', story === '' ? null : story);
    this.showRemedy(instance);
    this.showProgress(instance);
    this.restart.hidden = !instance.pending_restart;
    setAttribute(this.restart, 'data-tip', 'A stored change counts after the next restart.');
    setAttribute(this.age, 'datetime', instance.status_since);
    setAttribute(this.age, 'data-tip', `since ${formatExact(instance.status_since)}`);
    this.tick(instance, nowMs);
  }

  /** Brings what depends on the time up to date. */
  tick(instance: Instance, nowMs: number): void {
    const age = ageMs(instance.status_since, nowMs);
    setText(this.age, age === null ? '' : formatAge(age));
    if (instance.next_restart_at !== null) setText(this.story, storyOf(instance, nowMs));
  }

  /** Only the row that has the focus offers it to the Tab key. */
  setReachable(isReachable: boolean): void {
    setAttribute(this.remedyButton, 'tabindex', isReachable ? 0 : -1);
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

  /** The reason of a failure carries what mends it; further remedies stand with the evidence. */
  private showRemedy({ name, status, failure }: Instance): void {
    const remedies = status === 'error' ? (failure?.remedies ?? []) : [];
    this.remedy = remedies.find((remedy) => this.host.canMend(remedy)) ?? null;
    const label = this.remedy?.label ?? '';
    this.remedyButton.hidden = this.remedy === null;
    setText(this.remedyButton.querySelector('span') ?? this.remedyButton, label);
    setAttribute(this.remedyButton, 'aria-label', this.remedy ? `${label} for ${name}` : null);
  }
}
