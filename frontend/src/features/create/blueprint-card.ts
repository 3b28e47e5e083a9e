import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren, safeHref } from '../../base/dom.js';
import type { Child } from '../../base/dom.js';
import { blueprintName } from '../../domain/blueprint.js';
import { needWarnings, roundBytes } from '../../domain/blueprint-needs.js';
import type { Machine } from '../../domain/blueprint-needs.js';
import { icon } from '../../ui/icon.js';

/** What a chosen blueprint is and needs, beside what this machine has of it. */
export class BlueprintCard {
  readonly element = h('section', {
    class: 'blueprint-card',
    'aria-label': 'The chosen blueprint',
    'data-testid': 'blueprint-card',
  });
  private readonly about = h('div', { class: 'blueprint-card-about' });
  /** Heard when it changes; the rest is read in the list. */
  private readonly warnings = h('div', {
    class: 'blueprint-warnings',
    role: 'status',
    'data-testid': 'blueprint-warnings',
  });

  private shown: Blueprint | null | undefined = undefined;
  private said = '';

  constructor() {
    this.element.append(this.about, this.warnings);
  }

  /** @param gpuIds as the form has them now */
  show(blueprint: Blueprint | null, machine: Machine, gpuIds: string | null): void {
    if (blueprint !== this.shown) this.describe(blueprint);
    const warned = blueprint === null ? [] : needWarnings(blueprint, machine, gpuIds);
    const sentences = [...warned, ...(blueprint?.problems ?? [])];
    // What has not changed is not read out again.
    if (sentences.join('\n') === this.said) return;
    this.said = sentences.join('\n');
    replaceChildren(this.warnings, ...sentences.map(callout));
  }

  private describe(blueprint: Blueprint | null): void {
    this.shown = blueprint;
    const parts =
      blueprint === null
        ? [h('p', { class: 'field-hint' }, 'Choose what the instance is made from.')]
        : [heading(blueprint), description(blueprint), facts(blueprint)];
    replaceChildren(this.about, ...parts);
  }
}

function callout(sentence: string): HTMLElement {
  return h(
    'div',
    { class: 'callout is-attention', 'data-testid': 'blueprint-warning' },
    icon('warning'),
    h('p', { class: 'is-user-text' }, sentence),
  );
}

function heading(blueprint: Blueprint): HTMLElement {
  const { category, origin } = blueprint;
  return h(
    'div',
    { class: 'blueprint-card-head' },
    h('h3', { class: 'is-user-text' }, blueprintName(blueprint)),
    h('span', { class: 'blueprint-card-kind is-user-text' }, origin === 'custom' ? 'Your own' : category),
  );
}

function description({ description: text }: Blueprint): HTMLElement | null {
  return text === '' ? null : h('p', { class: 'is-user-text' }, text);
}

function facts(blueprint: Blueprint): HTMLElement | null {
  const { vram_bytes: vram, disk_bytes: disk, desktop, venv_type: venv, repository } = blueprint;
  const rows: [string, Child][] = [];
  if (vram !== null) rows.push(['GPU memory', roundBytes(vram)]);
  if (disk !== null) rows.push(['Disk', `${roundBytes(disk)}, without models`]);
  if (desktop) rows.push(['Desktop', 'it has windows of its own']);
  if (venv !== null) rows.push(['Environment', venv === 'conda' ? 'conda' : 'Python']);
  if (repository !== null) rows.push(['Source', sourceLink(repository)]);
  rows.push(['File', h('code', null, blueprint.filename)]);
  return h('dl', null, ...rows.flatMap(([term, value]) => [h('dt', null, term), h('dd', null, value)]));
}

function sourceLink(repository: string): HTMLElement {
  return h(
    'a',
    { href: safeHref(repository), target: '_blank', rel: 'noopener', class: 'is-user-text' },
    repository.replace(/^https?:\/\//, ''),
  );
}
