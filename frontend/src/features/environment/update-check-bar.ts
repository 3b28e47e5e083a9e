import type { Instance } from '../../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { DisposableStore, everyVisible } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { checkSentence } from '../../domain/environment.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import type { EnvironmentHost } from './environment-host.js';

interface RunningCheck {
  startedMs: number;
  abort: AbortController;
}

const TICK_MS = 1000;

/** The line over what is installed: asks what is new, says what was found, and leads to an update and a rebuild. */
export class UpdateCheckBar implements Disposable {
  private readonly resources = new DisposableStore();
  /** By instance: one can be asked about while another is looked at. */
  private readonly running = new Map<number, RunningCheck>();
  private readonly state = h('p', {
    class: 'versions-state',
    role: 'status',
    'data-testid': 'environment-news',
  });
  private readonly checkButton = button({
    label: 'Check for updates',
    icon: 'search',
    testId: 'environment-check',
    onClick: () => void this.check(),
  });
  private readonly cancel = button({
    label: 'Cancel',
    testId: 'environment-cancel',
    onClick: () => this.instance && this.running.get(this.instance.id)?.abort.abort(),
  });
  private readonly update = button({
    label: 'Update…',
    icon: 'download',
    testId: 'environment-update',
    onClick: () => this.instance && this.host.update(this.instance),
  });
  private readonly rebuild = button({
    label: 'Rebuild…',
    icon: 'restart',
    testId: 'environment-rebuild',
    onClick: () => this.instance && this.host.rebuild(this.instance),
  });
  private readonly progress = h('div', {
    class: 'versions-progress is-endless',
    role: 'progressbar',
    'aria-label': 'Asking what is new',
    hidden: true,
  });
  readonly element = h(
    'div',
    { class: 'environment-head' },
    h('div', { class: 'versions-bar' }, this.state, this.cancel, this.checkButton, this.update, this.rebuild),
    this.progress,
  );
  private instance: Instance | null = null;

  constructor(private readonly host: EnvironmentHost) {
    this.resources.add(everyVisible(TICK_MS, () => this.draw()));
    this.resources.defer(() => {
      for (const { abort } of this.running.values()) abort.abort();
    });
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    this.instance = instance;
    this.draw();
  }

  focus(): void {
    this.checkButton.focus();
  }

  private async check(): Promise<void> {
    const { instance } = this;
    if (!instance || this.running.has(instance.id)) return;
    const { id, name } = instance;
    const abort = new AbortController();
    this.running.set(id, { startedMs: performance.now(), abort });
    this.draw();
    try {
      const check = await this.host.environments.checkUpdates(id, abort.signal);
      this.host.notices.success(`${name}: ${checkSentence(check)}`);
    } catch (error) {
      if (!abort.signal.aborted) reportFailure(this.host.notices, error);
    } finally {
      this.running.delete(id);
      this.draw();
    }
  }

  private draw(): void {
    const { instance } = this;
    if (!instance) return;
    const running = this.running.get(instance.id);
    const check = this.host.environments.check(instance.id);
    const hadFocus = [this.cancel, this.checkButton].some((element) => element === document.activeElement);
    this.progress.hidden = this.cancel.hidden = running === undefined;
    this.checkButton.hidden = running !== undefined;
    if (hadFocus) (running ? this.cancel : this.checkButton).focus();
    // What is offered first is what one would do next.
    const hasNews = check?.has_updates === true;
    this.update.classList.toggle('is-primary', hasNews);
    this.checkButton.classList.toggle('is-primary', !hasNews);
    setText(
      this.state,
      running
        ? `Asking what is new… ${formatAge(performance.now() - running.startedMs)}`
        : check
          ? `${checkSentence(check)} Checked ${when(check.checked_at)}.`
          : 'Nothing updates unless you ask.',
    );
    setAttribute(this.state, 'data-tip', check ? formatExact(check.checked_at) : null);
  }
}

function when(iso: string): string {
  const age = ageMs(iso, Date.now());
  return age === null || age < 5000 ? 'just now' : `${formatAge(age)} ago`;
}
