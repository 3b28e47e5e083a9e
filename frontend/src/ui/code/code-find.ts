import {
  SearchQuery,
  closeSearchPanel,
  findNext,
  findPrevious,
  openSearchPanel,
  replaceAll,
  replaceNext,
  setSearchQuery,
} from '@codemirror/search';
import type { EditorView } from '@codemirror/view';
import { h, setAttribute, setText } from '../../base/dom.js';
import { button } from '../button.js';

const MOST_COUNTED = 1000;

/** Finds and replaces in an editor. Enter goes on, Shift+Enter back, Esc closes. It is a part of the page, not of the editor. */
export class CodeFind {
  private readonly find = this.input('Find', 'find-input');
  private readonly replacement = this.input('Replace with', 'find-replacement');
  private readonly count = h('span', { class: 'search-count', role: 'status', 'data-testid': 'find-count' });
  private readonly matchCase = this.toggle('Aa', 'Match case', 'find-case');
  private readonly wholeWord = this.toggle('W', 'Whole words', 'find-word');
  private readonly regular = this.toggle('.*', 'Regular expression', 'find-regexp');
  private readonly replaceRow = h(
    'div',
    { class: 'find-row' },
    this.replacement,
    button({ label: 'Replace', testId: 'find-replace', onClick: () => this.run(replaceNext) }),
    button({ label: 'Replace all', testId: 'find-replace-all', onClick: () => this.run(replaceAll) }),
  );
  readonly element = h(
    'div',
    {
      class: 'find-bar',
      role: 'search',
      'aria-label': 'Find in the script',
      hidden: true,
      'data-testid': 'find-bar',
      onkeydown: (event) => this.key(event),
    },
    h(
      'div',
      { class: 'find-row' },
      this.find,
      this.count,
      this.matchCase,
      this.wholeWord,
      this.regular,
      button({
        label: 'Previous (Shift+Enter)',
        icon: 'chevron-up',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'find-previous',
        onClick: () => this.run(findPrevious),
      }),
      button({
        label: 'Next (Enter)',
        icon: 'chevron-down',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'find-next',
        onClick: () => this.run(findNext),
      }),
      button({
        label: 'Close (Esc)',
        icon: 'close',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'find-close',
        onClick: () => this.close(),
      }),
    ),
    this.replaceRow,
  );

  constructor(private readonly view: () => EditorView) {}

  /** Shows it, with what is chosen in the text to look for. */
  open(): void {
    const { state } = this.view();
    const { from, to } = state.selection.main;
    const chosen = state.sliceDoc(from, Math.min(to, from + 200));
    this.element.hidden = false;
    this.replaceRow.hidden = state.readOnly;
    if (chosen !== '' && !chosen.includes('\n')) this.find.value = chosen;
    openSearchPanel(this.view());
    this.changed(false);
    this.find.focus();
    this.find.select();
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    closeSearchPanel(this.view());
    this.view().focus();
  }

  /** The text changed: the hits are counted anew. */
  refresh(): void {
    if (!this.element.hidden) this.showCount();
  }

  private input(label: string, testId: string): HTMLInputElement {
    return h('input', {
      type: 'text',
      class: 'input is-mono',
      placeholder: label,
      'aria-label': label,
      autocomplete: 'off',
      spellcheck: 'false',
      'data-testid': testId,
      oninput: () => this.changed(testId === 'find-input'),
    });
  }

  private toggle(sign: string, label: string, testId: string): HTMLButtonElement {
    const element = h(
      'button',
      {
        type: 'button',
        class: 'button is-quiet is-icon is-mono',
        'aria-label': label,
        'aria-pressed': 'false',
        'data-tip': label,
        'data-testid': testId,
        onclick: () => {
          setAttribute(element, 'aria-pressed', String(element.getAttribute('aria-pressed') !== 'true'));
          this.changed(true);
        },
      },
      sign,
    );
    return element;
  }

  private get query(): SearchQuery {
    const isOn = (element: HTMLElement) => element.getAttribute('aria-pressed') === 'true';
    return new SearchQuery({
      search: this.find.value,
      replace: this.replacement.value,
      caseSensitive: isOn(this.matchCase),
      wholeWord: isOn(this.wholeWord),
      regexp: isOn(this.regular),
      literal: true,
    });
  }

  private changed(isToMove: boolean): void {
    const { query } = this;
    this.view().dispatch({ effects: setSearchQuery.of(query) });
    const isWrong = this.find.value !== '' && !query.valid;
    setAttribute(this.find, 'aria-invalid', isWrong ? 'true' : null);
    if (isToMove && query.valid) this.toNearest(query);
    this.showCount();
  }

  /** The first hit from the cursor on, without taking the focus out of the field. */
  private toNearest(query: SearchQuery): void {
    const view = this.view();
    const { from } = view.state.selection.main;
    const after = query.getCursor(view.state, from).next();
    const hit = after.done ? query.getCursor(view.state).next() : after;
    if (hit.done) return;
    view.dispatch({ selection: { anchor: hit.value.from, head: hit.value.to }, scrollIntoView: true });
  }

  private run(command: (view: EditorView) => boolean): void {
    if (this.query.valid) command(this.view());
    this.showCount();
  }

  private showCount(): void {
    setText(this.count, this.find.value === '' ? '' : this.countText());
  }

  private countText(): string {
    const { query } = this;
    if (!query.valid) return 'not valid';
    const { state } = this.view();
    const chosen = state.selection.main;
    const cursor = query.getCursor(state);
    let total = 0;
    let present = 0;
    for (let hit = cursor.next(); !hit.done && total < MOST_COUNTED; hit = cursor.next()) {
      total += 1;
      if (hit.value.from === chosen.from && hit.value.to === chosen.to) present = total;
    }
    if (total === 0) return 'no hits';
    const all = total === MOST_COUNTED ? `${String(total)}+` : String(total);
    return present === 0 ? `${all} hits` : `${String(present)} of ${all}`;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && event.target === this.find) {
      event.preventDefault();
      this.run(event.shiftKey ? findPrevious : findNext);
    } else if (event.key === 'Enter' && event.target === this.replacement) {
      event.preventDefault();
      this.run(replaceNext);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }
}
