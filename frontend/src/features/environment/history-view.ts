import type { InstallRecord, InstanceEnvironment } from '../../../../src/contracts/environment.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { differences, mainCommit, pinWords, shortRef } from '../../domain/environment.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { confirmDialog } from '../../ui/dialog.js';
import type { EnvironmentHost } from './environment-host.js';
import { LoadedEnvironment } from './loaded-environment.js';
import { ownerOf, pinTo } from './pin-commit.js';

/** The installations that there were, newest first, each with a way back to its source. */
export class HistoryView {
  private readonly resources = new DisposableStore();
  private readonly loaded: LoadedEnvironment;
  private readonly body = h('div', {
    class: 'environment-body',
    tabindex: 0,
    role: 'region',
    'aria-label': 'History',
  });
  readonly element = h(
    'div',
    { class: 'environment-panel', 'data-testid': 'environment-history' },
    this.body,
  );
  private instance: Instance | null = null;

  constructor(private readonly host: EnvironmentHost) {
    this.loaded = this.resources.add(new LoadedEnvironment(host.environments, () => this.draw()));
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    this.instance = instance;
    this.loaded.show(instance);
    this.draw();
  }

  focus(): void {
    this.body.focus();
  }

  private draw(): void {
    const { value, failure } = this.loaded;
    const { instance } = this;
    if (!instance) return;
    const records = value === null ? [] : recordsOf(value);
    replaceChildren(
      this.body,
      value && records.length > 0
        ? h(
            'ol',
            { class: 'installs' },
            ...records.map((record, index) =>
              this.line(instance, value, record, records[index + 1] ?? null, index),
            ),
          )
        : h(
            'p',
            { class: 'versions-empty' },
            failure ??
              (value === null
                ? 'Looking into its folder…'
                : 'Nothing was installed yet. The last ten installations show here.'),
          ),
    );
  }

  private line(
    instance: Instance,
    environment: InstanceEnvironment,
    record: InstallRecord,
    before: InstallRecord | null,
    index: number,
  ): HTMLElement {
    const commit = mainCommit(record);
    const changes = differences(record, before);
    const age = ageMs(record.finished_at, Date.now());
    const pins = pinWords(record.pins);
    return h(
      'li',
      { class: 'install', 'data-testid': 'install', 'data-commit': commit },
      h(
        'div',
        { class: 'install-when' },
        h(
          'strong',
          { 'data-tip': formatExact(record.finished_at) },
          age === null ? record.finished_at : `${formatAge(age)} ago`,
        ),
        h(
          'small',
          null,
          index === 0 && record === environment.record
            ? 'present'
            : `took ${formatAge(record.took_seconds * 1000)}`,
        ),
      ),
      h(
        'div',
        { class: 'install-text' },
        source(record),
        h(
          'small',
          { class: 'is-user-text' },
          [versionsOf(record), pins.length === 0 ? '' : `pinned: ${pins.join(', ')}`]
            .filter(Boolean)
            .join(' · '),
        ),
        changes.length === 0
          ? null
          : h('small', { class: 'install-changes is-user-text' }, changes.join(' · ')),
      ),
      commit === null ? null : this.pinButton(instance, environment, commit),
    );
  }

  private pinButton(instance: Instance, environment: InstanceEnvironment, commit: string): HTMLElement {
    const present = (ownerOf(this.host, instance) ?? instance).git_ref;
    const element = button({
      label: 'Pin to this commit…',
      testId: 'install-pin',
      attributes: { 'aria-label': `Pin to this commit…: ${shortRef(commit)}` },
      onClick: () => void this.pin(instance, environment, commit),
    });
    setDisabledReason(element, present === commit ? 'It is pinned to this commit already.' : null);
    return element;
  }

  private async pin(instance: Instance, environment: InstanceEnvironment, commit: string): Promise<void> {
    const name = (ownerOf(this.host, instance) ?? instance).name;
    const isConfirmed = await confirmDialog({
      title: `Pin ${name} to ${shortRef(commit)}?`,
      testId: 'confirm-pin',
      paragraphs: [
        'The next start takes this commit of the source and installs what it asks for. Updates leave it there until it is unpinned.',
        'Models, outputs and settings stay. Packages become those that this commit asks for today, which need not be those of that time.',
      ],
      confirmLabel: 'Pin',
      isHarmless: true,
    });
    if (isConfirmed) await pinTo(this.host, environment.owner_id, instance.id, commit);
  }
}

function recordsOf({ record, history }: InstanceEnvironment): InstallRecord[] {
  return record === null ? history : [record, ...history];
}

function source({ repositories, blueprint }: InstallRecord): HTMLElement {
  const [main] = repositories;
  if (!main) return h('p', { class: 'is-user-text' }, blueprint);
  return h(
    'p',
    { class: 'repository-commit' },
    h('code', { 'data-tip': main.commit }, shortRef(main.commit)),
    h('span', { class: 'is-user-text', dir: 'auto' }, main.subject),
  );
}

function versionsOf({ python, packages, accelerator }: InstallRecord): string {
  const torch = packages['torch'];
  return [
    python === null ? null : `Python ${python.version}`,
    torch === undefined ? null : `torch ${torch}`,
    accelerator,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
