import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { h, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { button } from '../../ui/button.js';
import { hexColour } from './terminal-theme.js';

/** Finds text in what a terminal keeps. Enter goes to what is older, as one reads it; Shift+Enter back; Esc ends it. */
export class TerminalSearchBar implements Disposable {
  private readonly input = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Find in terminal',
    'aria-label': 'Find in terminal',
    'data-testid': 'terminal-search',
    oninput: () => this.go('previous', true),
    onkeydown: (event) => this.key(event),
  });
  private readonly count = h('span', {
    class: 'search-count',
    role: 'status',
    'data-testid': 'terminal-search-count',
  });
  readonly element = h(
    'div',
    { class: 'terminal-find', hidden: true, role: 'search' },
    this.input,
    this.count,
    button({
      label: 'Previous (Enter)',
      icon: 'chevron-up',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'terminal-search-previous',
      onClick: () => this.go('previous'),
    }),
    button({
      label: 'Next (Shift+Enter)',
      icon: 'chevron-down',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'terminal-search-next',
      onClick: () => this.go('next'),
    }),
    button({
      label: 'Close (Esc)',
      icon: 'close',
      isIconOnly: true,
      kind: 'quiet',
      onClick: () => this.close(),
    }),
  );
  private readonly results: Disposable;

  constructor(
    private readonly search: SearchAddon,
    private readonly onClose: () => void,
  ) {
    this.results = search.onDidChangeResults(({ resultIndex, resultCount }) => {
      const place = resultIndex < 0 ? '' : `${(resultIndex + 1).toLocaleString('en')} of `;
      const text = resultCount === 0 ? 'no hits' : `${place}${resultCount.toLocaleString('en')}`;
      setText(this.count, this.input.value === '' ? '' : text);
    });
  }

  open(): void {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    if (this.input.value !== '') this.go('previous', true);
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.search.clearDecorations();
    this.onClose();
  }

  dispose(): void {
    this.results.dispose();
  }

  private go(direction: 'previous' | 'next', isTyping = false): void {
    if (this.input.value === '') {
      this.search.clearDecorations();
      setText(this.count, '');
    } else if (direction === 'previous') {
      this.search.findPrevious(this.input.value, { ...options(), incremental: isTyping });
    } else {
      this.search.findNext(this.input.value, options());
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.go(event.shiftKey ? 'next' : 'previous');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
  }
}

function options(): ISearchOptions {
  const hit = hexColour(document.body, 'hit');
  const current = hexColour(document.body, 'hit-current');
  return {
    decorations: {
      matchBackground: hit,
      matchOverviewRuler: hit,
      activeMatchBackground: current,
      activeMatchColorOverviewRuler: current,
    },
  };
}
