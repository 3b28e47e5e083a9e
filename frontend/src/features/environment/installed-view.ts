import type { InstanceEnvironment } from '../../../../src/contracts/environment.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import type { Child } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { environmentLook, recordFacts, shortReason } from '../../domain/environment.js';
import { banner } from '../../ui/banner.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import type { EnvironmentHost } from './environment-host.js';
import { LoadedEnvironment } from './loaded-environment.js';
import { ownerOf, pinTo } from './pin-commit.js';
import { packageSection } from './package-section.js';
import { repositorySection } from './repository-section.js';
import { UpdateCheckBar } from './update-check-bar.js';

/** What an environment was made from, what the next start does, and what is new. */
export class InstalledView {
  private readonly resources = new DisposableStore();
  private readonly loaded: LoadedEnvironment;
  private readonly bar: UpdateCheckBar;
  private readonly body = h('div', {
    class: 'environment-body',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Installed',
  });
  readonly element: HTMLElement;
  private instance: Instance | null = null;

  constructor(private readonly host: EnvironmentHost) {
    this.loaded = this.resources.add(new LoadedEnvironment(host.environments, () => this.draw()));
    this.bar = this.resources.add(new UpdateCheckBar(host));
    this.element = h(
      'div',
      { class: 'environment-panel', 'data-testid': 'environment-installed' },
      this.bar.element,
      this.body,
    );
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    this.instance = instance;
    this.loaded.show(instance);
    this.bar.show(instance);
  }

  focus(): void {
    this.bar.focus();
  }

  private draw(): void {
    const { instance } = this;
    if (!instance) return;
    const { value, failure } = this.loaded;
    replaceChildren(
      this.body,
      this.ownerBanner(instance),
      failure === null ? null : this.failureBanner(failure),
      ...(value ? this.content(instance, value) : [loading(failure)]),
    );
    this.bar.show(instance);
  }

  private content(instance: Instance, environment: InstanceEnvironment): Child[] {
    const { record } = environment;
    const check = this.host.environments.check(instance.id);
    return [
      stateOf(environment),
      record === null
        ? null
        : h(
            'div',
            { class: 'environment-columns' },
            facts(record),
            h(
              'div',
              { class: 'environment-sources' },
              repositorySection(record.repositories, check, {
                pinned: (ownerOf(this.host, instance) ?? instance).git_ref,
                unpin: () => void pinTo(this.host, environment.owner_id, instance.id, null),
              }),
              packageSection(check),
            ),
          ),
    ];
  }

  private ownerBanner(instance: Instance): HTMLElement | null {
    if (instance.parent_instance_id === null) return null;
    const name = ownerOf(this.host, instance)?.name ?? 'its parent';
    return banner({
      testId: 'environment-owner',
      kind: 'info',
      icon: 'info',
      text: [
        `${instance.name} is a satellite: this is the environment of `,
        h('strong', { class: 'is-user-text' }, name),
        '. An update or a rebuild counts for both.',
      ],
    });
  }

  private failureBanner(failure: string): HTMLElement {
    return banner({
      testId: 'environment-failure',
      kind: 'attention',
      icon: 'warning',
      text: [failure],
      actions: [
        button({ label: 'Try again', testId: 'environment-retry', onClick: () => this.loaded.retry() }),
      ],
    });
  }
}

function loading(failure: string | null): HTMLElement | null {
  return failure === null ? h('p', { class: 'versions-empty' }, 'Looking into its folder…') : null;
}

/** The state in a few words, with the reasons below. */
function stateOf({ state, reasons }: InstanceEnvironment): HTMLElement {
  const look = environmentLook(state);
  return h(
    'div',
    {
      class: 'environment-state',
      'data-meaning': look.meaning,
      'data-state': state,
      'data-testid': 'environment-state',
    },
    icon(look.symbol),
    h(
      'div',
      null,
      h('strong', null, look.words),
      reasons.length === 0
        ? null
        : h(
            'ul',
            { 'data-testid': 'environment-reasons' },
            ...reasons.map((sentence) =>
              h('li', { class: 'is-user-text', dir: 'auto' }, shortReason(sentence)),
            ),
          ),
    ),
  );
}

function facts(record: NonNullable<InstanceEnvironment['record']>): HTMLElement {
  const age = ageMs(record.finished_at, Date.now());
  const rows: [string, string][] = [
    ['Installed', age === null ? record.finished_at : `${formatAge(age)} ago`],
    ...recordFacts(record),
  ];
  return h(
    'section',
    { class: 'environment-facts', 'aria-label': 'Made from', 'data-testid': 'environment-facts' },
    h('h3', null, 'Made from'),
    h(
      'dl',
      null,
      ...rows.flatMap(([term, value]) => [
        h('dt', null, term),
        h(
          'dd',
          {
            class: 'is-user-text',
            ...(term === 'Installed' ? { 'data-tip': formatExact(record.finished_at) } : {}),
          },
          value,
        ),
      ]),
    ),
  );
}
