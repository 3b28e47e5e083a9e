import { h, setAttribute, setText } from '../../base/dom.js';
import { icon } from '../../ui/icon.js';
import type { Tool, ToolId } from './tool-catalogue.js';

/** The tabs of the tools pane (ARIA's pattern: arrows move, the tab that has the focus is chosen). */
export class ToolTabs {
  private readonly buttons = new Map<ToolId, HTMLButtonElement>();
  readonly element: HTMLElement;

  constructor(
    tools: readonly Tool[],
    private readonly choose: (id: ToolId) => void,
  ) {
    for (const tool of tools) this.buttons.set(tool.id, this.button(tool));
    this.element = h(
      'div',
      { class: 'tool-tabs', role: 'tablist', 'aria-label': 'Tools', onkeydown: (event) => this.key(event) },
      ...this.buttons.values(),
    );
  }

  mark(chosen: ToolId): void {
    for (const [id, element] of this.buttons) {
      setAttribute(element, 'aria-selected', String(id === chosen));
      setAttribute(element, 'tabindex', id === chosen ? '0' : '-1');
    }
    // On a telephone not all of them fit. Its first layout is due when this is called for the first time.
    requestAnimationFrame(() =>
      this.buttons.get(chosen)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
  }

  /** Puts the focus on the chosen tab. */
  focus(): void {
    this.element.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  /** A dot beside a tab's label, with the words that it stands for; null takes it away. */
  setMark(id: ToolId, words: string | null): void {
    const element = this.buttons.get(id);
    const dot = element?.querySelector<HTMLElement>('.tool-mark');
    if (!element || !dot) return;
    dot.hidden = words === null;
    setText(dot, words ?? '');
    setAttribute(element, 'data-tip', words);
  }

  /** `×2` behind a tab's label; one needs no number. */
  setCount(id: ToolId, count: number): void {
    const place = this.buttons.get(id)?.querySelector('.tool-count');
    if (place) setText(place, count > 1 ? `×${String(count)}` : '');
  }

  private button({ id, label, icon: name }: Tool): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'tool-tab',
        role: 'tab',
        id: `tool-tab-${id}`,
        'aria-controls': 'tool-panel',
        'data-testid': `tool-tab-${id}`,
        onclick: () => this.choose(id),
      },
      icon(name),
      h('span', null, label),
      h('span', { class: 'tool-count', 'data-testid': `tool-count-${id}` }),
      h('span', { class: 'tool-mark', hidden: true, 'data-testid': `tool-mark-${id}` }),
    );
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const ids = [...this.buttons.keys()];
    const at = ids.findIndex((id) => this.buttons.get(id) === document.activeElement);
    if (step === 0 || at === -1) return;
    event.preventDefault();
    const next = ids[(at + step + ids.length) % ids.length];
    if (next === undefined) return;
    this.choose(next);
    this.buttons.get(next)?.focus();
  }
}
