import type { Instance } from '../../../../src/contracts/instance.js';
import type { VersionCheck } from '../../../../src/contracts/versions.js';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatExact, plural } from '../../base/format.js';
import { DisposableStore, everyVisible } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { ApiError } from '../../net/http.js';
import { reportFailure } from '../../state/report-error.js';
import { banner } from '../../ui/banner.js';
import { button } from '../../ui/button.js';
import { checkReport } from './check-report.js';
import type { EnvironmentHost } from './environment-host.js';
import '../../ui/late-styles.js';

type VersionsHost = Pick<EnvironmentHost, 'notices' | 'checks' | 'check' | 'rebuild'>;

interface RunningCheck {
  startedMs: number;
  abort: AbortController;
}

const TICK_MS = 1000;

/** Which versions an instance's environment holds, and what does not fit together. Asked for, for it takes its time. */
export class VersionsTool implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly checkButton = button({
    label: 'Check versions',
    icon: 'box',
    kind: 'primary',
    testId: 'versions-check',
    onClick: () => void this.check(),
  });
  private readonly cancel = button({
    label: 'Cancel',
    testId: 'versions-cancel',
    onClick: () => this.shown && this.running.get(this.shown.id)?.abort.abort(),
  });
  private readonly state = h('p', {
    class: 'versions-state',
    role: 'status',
    'data-testid': 'versions-state',
  });
  private readonly progress = h('div', {
    class: 'versions-progress is-endless',
    role: 'progressbar',
    'aria-label': 'Checking the environment',
    hidden: true,
  });
  private readonly body = h('div', { class: 'versions-body' });
  readonly element = h(
    'div',
    { class: 'versions-panel', 'data-testid': 'versions-panel' },
    h('div', { class: 'versions-bar' }, this.state, this.cancel, this.checkButton),
    this.progress,
    this.body,
  );
  /** By instance: one can be checked while another is looked at. */
  private readonly running = new Map<number, RunningCheck>();
  private readonly failures = new Map<number, string>();
  private shown: Instance | null = null;

  constructor(private readonly host: VersionsHost) {
    this.resources.add(everyVisible(TICK_MS, () => this.drawState()));
    this.resources.defer(() => {
      for (const { abort } of this.running.values()) abort.abort();
    });
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    const isSame = this.shown?.id === instance.id;
    this.shown = instance;
    if (!isSame) this.draw();
  }

  focus(): void {
    this.checkButton.focus();
  }

  private async check(): Promise<void> {
    const instance = this.shown;
    if (!instance || this.running.has(instance.id)) return;
    const { id, name } = instance;
    const abort = new AbortController();
    this.running.set(id, { startedMs: performance.now(), abort });
    this.failures.delete(id);
    this.draw();
    try {
      const check = await this.host.check(id, abort.signal);
      this.host.checks.put(id, check);
      this.host.notices.success(said(name, check));
    } catch (error) {
      if (!abort.signal.aborted) this.fail(id, error);
    } finally {
      this.running.delete(id);
      if (this.shown?.id === id) this.draw();
    }
  }

  private fail(id: number, error: unknown): void {
    this.failures.set(id, error instanceof ApiError ? error.message : String(error));
    reportFailure(this.host.notices, error);
  }

  private draw(): void {
    const { shown } = this;
    if (!shown) return;
    const check = this.host.checks.get(shown.id);
    const failure = this.failures.get(shown.id);
    const hadFocus = this.cancel === document.activeElement;
    replaceChildren(
      this.body,
      failure === undefined
        ? null
        : banner({
            testId: 'versions-failure',
            kind: 'attention',
            icon: 'warning',
            text: [h('strong', null, 'The check did not work. '), failure],
          }),
      check ? checkReport(check, () => this.shown && this.host.rebuild(this.shown)) : this.empty(shown),
    );
    this.drawState();
    if (hadFocus && this.cancel.hidden) this.checkButton.focus();
  }

  private drawState(): void {
    const { shown } = this;
    if (!shown) return;
    const running = this.running.get(shown.id);
    this.progress.hidden = running === undefined;
    this.cancel.hidden = running === undefined;
    this.checkButton.hidden = running !== undefined;
    const check = this.host.checks.get(shown.id);
    const label = this.checkButton.querySelector('span');
    if (label) setText(label, check ? 'Check again' : 'Check versions');
    setText(this.state, running ? runningText(running) : check ? ageText(check) : 'Not checked yet.');
    this.state.dataset['tip'] = check ? formatExact(check.checked_at) : '';
  }

  private empty(instance: Instance): HTMLElement {
    return h(
      'p',
      { class: 'versions-empty' },
      `What ${instance.name} runs on: the machine, its driver, Python, torch and the packages around it, and which of them do not fit together. It can take a minute.`,
    );
  }
}

function runningText({ startedMs }: RunningCheck): string {
  return `Looking into the environment… ${formatAge(performance.now() - startedMs)}`;
}

function ageText(check: VersionCheck): string {
  const age = ageMs(check.checked_at, Date.now());
  const when = age === null || age < 5000 ? 'just now' : `${formatAge(age)} ago`;
  return `Checked ${when}, took ${(check.took_ms / 1000).toFixed(1)} s.`;
}

function said(name: string, { has_conflicts: has, conflicts_list: list }: VersionCheck): string {
  if (has === null) return `Checked the versions of ${name}.`;
  return has
    ? `Checked ${name}: ${plural(list.length, 'package does', 'packages do')} not fit.`
    : `Checked ${name}: everything fits together.`;
}
