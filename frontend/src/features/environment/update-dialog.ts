import type { PackageUpdate, RepositoryUpdate, UpdateCheck } from '../../../../src/contracts/environment.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { behindWords, hasNewer } from '../../domain/environment.js';
import { isActive } from '../../domain/status.js';
import type { Api } from '../../net/api.js';
import { EnvironmentApi } from '../../net/environment-api.js';
import { ApiError } from '../../net/http.js';
import type { EnvironmentStore } from '../../state/environments.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { checkbox } from '../../ui/field.js';
import { icon } from '../../ui/icon.js';
import { ProgressBar } from '../../ui/progress.js';
import '../../ui/late-styles.js';

export interface UpdateHost {
  api: Api;
  notices: NoticeStore;
  instances: InstanceStore;
  environments: EnvironmentStore;
}

/** What was found is believed for so long; then it is asked anew. */
const FRESH_MS = 10 * 60 * 1000;

/** Asks what is new, says what an update will do, and begins it. */
export function openUpdateDialog(host: UpdateHost, instance: Instance): void {
  new UpdateDialog(host, instance);
}

class UpdateDialog {
  private readonly abort = new AbortController();
  private readonly found = h('div', { class: 'update-found', 'aria-live': 'polite' });
  private readonly problem = h('div', { role: 'alert', 'data-testid': 'update-problem' });
  private readonly start: HTMLButtonElement | null;
  private readonly submit: HTMLButtonElement;
  private readonly dialog: OpenDialog;
  /** Packages with a newer version, and whether they are to be taken. */
  private choices: { update: PackageUpdate; control: HTMLInputElement }[] = [];

  constructor(
    private readonly host: UpdateHost,
    private readonly instance: Instance,
  ) {
    const isResting = instance.status === 'stopped';
    this.submit = button({
      label: isResting
        ? 'Update at next start'
        : isActive(instance.status)
          ? 'Update and restart'
          : 'Update and start',
      kind: 'primary',
      type: 'submit',
      testId: 'update-submit',
    });
    this.start = isResting
      ? button({ label: 'Update and start', icon: 'play', type: 'submit', testId: 'update-start' })
      : null;
    this.dialog = openDialog({
      title: `Update ${instance.name}`,
      testId: 'update-dialog',
      content: [h('p', null, this.lead()), this.found, h('p', { class: 'dialog-note' }, NOTE), this.problem],
      footer: [
        h('span', { class: 'dialog-hint' }),
        button({ label: 'Cancel', attributes: { autofocus: true }, onClick: () => this.dialog.close() }),
        ...(this.start ? [this.start] : []),
        this.submit,
      ],
      onSubmit: (submitter) => void this.update(submitter !== null && submitter === this.start),
      onClose: () => this.abort.abort(),
    });
    void this.look();
  }

  private lead(): string {
    const { name, status, parent_instance_id: parentId } = this.instance;
    const owner = parentId === null ? null : (this.host.instances.get(parentId)?.name ?? 'its parent');
    const whose = owner === null ? '' : ` ${name} is a satellite, so this updates the files of ${owner}.`;
    const when =
      status === 'stopped'
        ? 'At its next start'
        : isActive(status)
          ? `${name} is stopped and started again for that`
          : `${name} is started for that`;
    return `${when}${status === 'stopped' ? ',' : ':'} its sources go to the newest commit of what they follow, and what they ask for is installed.${whose}`;
  }

  private async look(): Promise<void> {
    const known = this.host.environments.check(this.instance.id);
    if (known && Date.now() - Date.parse(known.checked_at) < FRESH_MS) {
      this.show(known);
      return;
    }
    const bar = new ProgressBar({ phase: 'Asking what is new', fraction: null }, 'update-progress');
    replaceChildren(this.found, bar.element);
    try {
      this.show(await this.host.environments.checkUpdates(this.instance.id, this.abort.signal));
    } catch (error) {
      if (this.abort.signal.aborted) return;
      const why = error instanceof ApiError ? error.message : String(error);
      replaceChildren(
        this.found,
        outcome('attention', `What is new could not be asked: ${why} The update tries anyway.`),
      );
    }
  }

  private show(check: UpdateCheck): void {
    this.choices = check.packages.filter(hasNewer).map((update) => ({
      update,
      control: checkbox(update.name, true, 'update-package').control,
    }));
    const others = check.packages.filter((update) => !hasNewer(update));
    const isNothing = check.repositories.length + check.packages.length === 0;
    replaceChildren(
      this.found,
      h(
        'ul',
        { class: 'update-list', 'aria-label': 'What is new', 'data-testid': 'update-list' },
        ...check.repositories.map(repositoryLine),
        ...this.choices.map(({ update, control }) => packageLine(update, control)),
        ...others.map((update) =>
          h('li', null, outcome(update.problem === null ? 'fine' : 'attention', packageWords(update))),
        ),
      ),
      isNothing
        ? outcome(
            'quiet',
            'It names no source that could be asked. The update still installs its requirements anew.',
          )
        : null,
      !isNothing && !check.has_updates ? outcome('fine', 'Nothing is newer than what is installed.') : null,
    );
  }

  private async update(isStarting: boolean): Promise<void> {
    const { id, name, status } = this.instance;
    if (this.submit.disabled) return;
    this.setSending(true);
    try {
      await new EnvironmentApi(this.host.api).update(id, { variables: this.variables() });
      if (isStarting) await this.host.api.command(id, 'start');
      this.dialog.close();
      this.host.notices.success(
        isStarting || status !== 'stopped' ? `Updating ${name}.` : `${name} is updated at its next start.`,
      );
      await this.host.environments.load(id);
    } catch (error) {
      this.fail(error);
    } finally {
      this.setSending(false);
    }
  }

  /** Why it was refused stands where one looks; what fails after that is told as everything else. */
  private fail(error: unknown): void {
    if (!this.dialog.element.open || !(error instanceof ApiError)) reportFailure(this.host.notices, error);
    else
      replaceChildren(
        this.problem,
        outcome('attention', [...error.fields.values()].join(' ') || error.message),
      );
  }

  private variables(): Record<string, string> {
    const chosen = this.choices.filter(({ control }) => control.checked);
    return Object.fromEntries(chosen.map(({ update }) => [update.variable, update.latest ?? '']));
  }

  private setSending(isSending: boolean): void {
    this.submit.disabled = isSending;
    if (this.start) this.start.disabled = isSending;
  }
}

const NOTE =
  'Models, outputs and settings stay. The history keeps what is installed now, so that its source can be pinned again.';

function repositoryLine(update: RepositoryUpdate): HTMLElement {
  const { path, changes, behind, problem, is_pinned: isPinned } = update;
  const meaning = problem !== null ? 'attention' : behind > 0 && !isPinned ? 'working' : 'fine';
  return h(
    'li',
    { 'data-testid': 'update-repository', 'data-path': path },
    outcome(meaning, `${path}: ${behindWords(update)}`),
    isPinned || changes.length === 0
      ? null
      : h(
          'ul',
          { class: 'update-subjects' },
          ...changes
            .slice(0, MOST_SUBJECTS)
            .map(({ subject }) => h('li', { class: 'is-user-text', dir: 'auto' }, subject)),
          behind > MOST_SUBJECTS ? h('li', null, `and ${String(behind - MOST_SUBJECTS)} more`) : null,
        ),
  );
}

const MOST_SUBJECTS = 5;

function packageLine(update: PackageUpdate, control: HTMLInputElement): HTMLElement {
  return h(
    'li',
    null,
    h(
      'label',
      { class: 'choice' },
      control,
      h('span', { class: 'choice-text is-user-text' }, packageWords(update)),
    ),
  );
}

function packageWords({ name, installed, latest, problem }: PackageUpdate): string {
  if (problem !== null) return `${name}: ${problem}`;
  return latest === null || latest === installed
    ? `${name} ${installed ?? ''}: up to date`
    : `${name} ${installed ?? '–'} → ${latest}`;
}

function outcome(meaning: 'fine' | 'working' | 'attention' | 'quiet', words: string): HTMLElement {
  const symbols = { fine: 'check', working: 'download', attention: 'warning', quiet: 'info' } as const;
  return h(
    'p',
    { class: 'task-outcome is-user-text', 'data-meaning': meaning },
    icon(symbols[meaning]),
    h('span', null, words),
  );
}
