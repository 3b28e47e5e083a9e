import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';

/** What stands where no terminal is open. */
export function emptyDeck(
  owner: string,
  openNew: () => void,
): { element: HTMLElement; show(isShown: boolean): void; focus(): void } {
  const open = button({
    label: 'Open a terminal',
    icon: 'terminal',
    kind: 'primary',
    testId: 'terminal-open',
    onClick: openNew,
  });
  const element = h(
    'div',
    { class: 'terminal-empty', hidden: true, 'data-testid': 'terminal-empty' },
    h('p', null, `No terminal of ${owner} is open.`),
    open,
    h('small', null, 'Terminals go on when this page is closed, and are found again from any browser.'),
  );
  return {
    element,
    show: (isShown) => {
      element.hidden = !isShown;
    },
    focus: () => open.focus(),
  };
}
