import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren, setAttribute } from '../../base/dom.js';
import { blueprintName, groupBlueprints, searchBlueprints } from '../../domain/blueprint.js';
import { button } from '../../ui/button.js';

export interface BlueprintListHost {
  choose(blueprint: Blueprint): void;
  create(): void;
}

/** Blueprints by category, the user's own first, with a search. Arrows move, Enter opens. */
export class BlueprintList {
  private readonly search = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Search blueprints',
    'aria-label': 'Search blueprints',
    autocomplete: 'off',
    'data-testid': 'blueprints-search',
    oninput: () => this.draw(),
  });
  private readonly list = h('div', { class: 'blueprints-list', 'data-testid': 'blueprints-list' });
  readonly element: HTMLElement;
  private blueprints: readonly Blueprint[] | null = null;
  private chosen: Pick<Blueprint, 'origin' | 'filename'> | null = null;

  constructor(private readonly host: BlueprintListHost) {
    this.element = h(
      'nav',
      { class: 'blueprints-side', 'aria-label': 'Blueprints', onkeydown: (event) => this.key(event) },
      this.search,
      button({
        label: 'New custom blueprint…',
        icon: 'plus',
        testId: 'blueprints-new',
        onClick: () => host.create(),
      }),
      this.list,
    );
  }

  focus(): void {
    this.search.focus();
  }

  show(blueprints: readonly Blueprint[]): void {
    this.blueprints = blueprints;
    this.draw();
  }

  mark(chosen: Pick<Blueprint, 'origin' | 'filename'> | null): void {
    this.chosen = chosen;
    for (const item of this.items()) {
      const isChosen =
        item.dataset['filename'] === chosen?.filename && item.dataset['origin'] === chosen?.origin;
      setAttribute(item, 'aria-current', isChosen ? 'true' : null);
    }
  }

  private draw(): void {
    const all = this.blueprints ?? [];
    const query = this.search.value.trim();
    const groups =
      query === '' ? groupBlueprints(all) : [{ title: 'Found', blueprints: searchBlueprints(all, query) }];
    const focused = this.items().findIndex((item) => item === document.activeElement);
    replaceChildren(
      this.list,
      ...groups
        .filter(({ blueprints }) => blueprints.length > 0)
        .map(({ title, blueprints }) =>
          h(
            'section',
            { 'aria-label': title },
            h('h3', null, title),
            ...blueprints.map((one) => this.item(one)),
          ),
        ),
    );
    if (this.items().length === 0)
      replaceChildren(
        this.list,
        h('p', { class: 'picker-empty' }, all.length === 0 ? 'Loading blueprints…' : 'No blueprint matches.'),
      );
    this.mark(this.chosen);
    if (focused >= 0) this.items()[Math.min(focused, this.items().length - 1)]?.focus();
  }

  private item(blueprint: Blueprint): HTMLElement {
    const [problem] = blueprint.problems;
    return h(
      'button',
      {
        type: 'button',
        class: 'blueprint-item',
        'data-testid': 'blueprints-item',
        'data-filename': blueprint.filename,
        'data-origin': blueprint.origin,
        onclick: () => this.host.choose(blueprint),
      },
      h('strong', { dir: 'auto' }, blueprintName(blueprint)),
      h(
        'span',
        { class: 'picker-description', dir: 'auto' },
        problem ?? (blueprint.description || blueprint.filename),
      ),
    );
  }

  private items(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('.blueprint-item')];
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter' && event.target === this.search) {
      event.preventDefault();
      this.items()[0]?.click();
    }
    if (step === 0) return;
    event.preventDefault();
    const items = this.items();
    const at = items.findIndex((item) => item === document.activeElement);
    if (at + step < 0) this.search.focus();
    else items[Math.min(at + step, items.length - 1)]?.focus();
  }
}
