import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren, setAttribute, uniqueId } from '../../base/dom.js';
import { Emitter } from '../../base/observable.js';
import { blueprintName, groupBlueprints, searchBlueprints } from '../../domain/blueprint.js';
import { needWords } from '../../domain/blueprint-needs.js';
import { icon } from '../../ui/icon.js';

/**
 * A searchable list of blueprints. Moving with the arrows chooses, as in a group of radio buttons, and searching chooses the best
 * that is found, so that Enter is free to submit the form, and what it submits is in sight.
 */
export class BlueprintPicker {
  readonly chosen = new Emitter<Blueprint>();
  private readonly listId = uniqueId('blueprints');
  readonly input = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Search blueprints',
    role: 'combobox',
    autocomplete: 'off',
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    'aria-controls': this.listId,
    'aria-label': 'Search blueprints',
    'data-testid': 'blueprint-search',
    oninput: () => this.search(),
    onkeydown: (event) => this.key(event),
  });
  private readonly list = h('div', {
    class: 'picker-list',
    role: 'listbox',
    id: this.listId,
    'aria-label': 'Blueprints',
    // A list that scrolls is a stop of the Tab key of its own otherwise, where arrows would not choose.
    tabindex: -1,
    'data-testid': 'blueprint-list',
  });
  readonly element = h('div', { class: 'picker' }, this.input, this.list);
  private blueprints: readonly Blueprint[] = [];
  private unfit: ReadonlySet<string> = new Set();
  private shown: Blueprint[] = [];
  private options = new Map<string, HTMLElement>();
  private present: Blueprint | null = null;

  get value(): Blueprint | null {
    return this.present;
  }

  /** Offers these; what was chosen stays chosen while it is among them. */
  setBlueprints(blueprints: readonly Blueprint[]): void {
    this.blueprints = blueprints;
    const { present } = this;
    this.present = blueprints.find(({ filename }) => filename === present?.filename) ?? null;
    this.draw();
  }

  /** Marks those that this machine does not suit. @param filenames of them */
  markUnfit(filenames: ReadonlySet<string>): void {
    const isSame = [...filenames].join('/') === [...this.unfit].join('/');
    this.unfit = filenames;
    // It is asked with all figures of the machine, and what one points at must not jump.
    if (!isSame) this.draw();
  }

  choose(filename: string): void {
    const blueprint = this.blueprints.find((candidate) => candidate.filename === filename);
    if (blueprint) this.pick(blueprint);
  }

  private search(): void {
    this.draw();
    if (this.input.value.trim() === '') return;
    const best = this.shown[0];
    if (best) this.pick(best);
    else this.present = null;
  }

  private draw(): void {
    const query = this.input.value.trim();
    const groups =
      query === ''
        ? groupBlueprints(this.blueprints)
        : [{ title: 'Found', blueprints: searchBlueprints(this.blueprints, query) }];
    this.shown = groups.flatMap((group) => group.blueprints);
    this.options = new Map(
      groups.flatMap(({ title, blueprints }) =>
        blueprints.map((blueprint) => [blueprint.filename, this.option(blueprint, title)] as const),
      ),
    );
    if (this.shown.length === 0)
      replaceChildren(this.list, h('p', { class: 'picker-empty' }, this.emptyText()));
    else replaceChildren(this.list, ...groups.map((group) => this.group(group.title, group.blueprints)));
    this.mark();
  }

  private emptyText(): string {
    return this.blueprints.length === 0 ? 'Loading blueprints…' : 'No blueprint matches.';
  }

  private group(title: string, blueprints: readonly Blueprint[]): HTMLElement {
    const options = blueprints.map((blueprint) => this.options.get(blueprint.filename));
    return h(
      'div',
      { role: 'group', 'aria-label': title },
      h('p', { class: 'picker-group' }, title),
      ...options,
    );
  }

  /** @param group what its group says already is not said again */
  private option(blueprint: Blueprint, group: string): HTMLElement {
    const { category } = blueprint;
    return h(
      'div',
      {
        class: 'picker-option',
        role: 'option',
        id: uniqueId('blueprint'),
        'data-testid': 'blueprint-option',
        'data-filename': blueprint.filename,
        onclick: () => this.pick(blueprint),
      },
      h(
        'span',
        { class: 'picker-head' },
        h('strong', null, blueprintName(blueprint)),
        this.unfit.has(blueprint.filename) ? unfitMark() : null,
        category === '' || category === group ? null : h('span', { class: 'picker-category' }, category),
      ),
      h('span', { class: 'picker-description' }, describe(blueprint)),
      needLine(blueprint),
    );
  }

  private pick(blueprint: Blueprint): void {
    const isNew = blueprint.filename !== this.present?.filename;
    this.present = blueprint;
    this.mark();
    if (isNew) this.chosen.fire(blueprint);
  }

  private mark(): void {
    const filename = this.present?.filename;
    for (const [key, option] of this.options) setAttribute(option, 'aria-selected', String(key === filename));
    const option = filename === undefined ? undefined : this.options.get(filename);
    setAttribute(this.input, 'aria-activedescendant', option?.id);
    option?.scrollIntoView({ block: 'nearest' });
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || this.shown.length === 0) return;
    event.preventDefault();
    const filename = this.present?.filename;
    const index = this.shown.findIndex((blueprint) => blueprint.filename === filename);
    const start = index < 0 ? (step > 0 ? -1 : 0) : index;
    const next = this.shown[(start + step + this.shown.length) % this.shown.length];
    if (next) this.pick(next);
  }
}

function unfitMark(): HTMLElement {
  return h(
    'span',
    {
      class: 'picker-unfit',
      'data-testid': 'blueprint-unfit',
      'data-tip': 'This machine lacks some of what it needs',
    },
    icon('warning'),
    h('span', { class: 'is-off-screen' }, 'does not fit this machine'),
  );
}

function needLine(blueprint: Blueprint): HTMLElement | null {
  const words = needWords(blueprint);
  return words.length === 0 ? null : h('span', { class: 'picker-needs' }, words.join(' · '));
}

function describe(blueprint: Blueprint): string {
  const problem = blueprint.problems[0];
  if (problem !== undefined) return problem;
  return blueprint.description === '' ? blueprint.filename : blueprint.description;
}
