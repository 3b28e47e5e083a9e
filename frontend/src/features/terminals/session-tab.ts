import { h, setAttribute, setText } from '../../base/dom.js';
import { icon } from '../../ui/icon.js';
import { tabLabel } from './tab-labels.js';

export interface SessionTabHost {
  choose(): void;
  close(): void;
  key(event: KeyboardEvent): void;
}

/** One tab of the strip. Delete and a middle click close it, as its cross does. */
export class SessionTab {
  private readonly label = h('span', { class: 'terminal-tab-label' });
  readonly button: HTMLButtonElement;
  readonly element: HTMLElement;
  private program = '';

  /** @param id the session's, null as long as the server has not named it */
  constructor(
    host: SessionTabHost,
    public id: string | null,
    readonly number: number,
    panelId: string,
  ) {
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'terminal-tab-button',
        role: 'tab',
        'aria-controls': panelId,
        'data-testid': 'terminal-tab',
        onclick: () => host.choose(),
        onkeydown: (event) => host.key(event),
      },
      icon('terminal'),
      this.label,
    );
    this.element = h(
      'div',
      {
        class: 'terminal-tab',
        role: 'presentation',
        onauxclick: (event) => {
          if (event.button === 1) host.close();
        },
        // A middle press would begin the browser's own scrolling.
        onmousedown: (event) => {
          if (event.button === 1) event.preventDefault();
        },
      },
      this.button,
      h(
        'button',
        {
          type: 'button',
          class: 'terminal-tab-close',
          tabindex: -1,
          // A tab list may hold tabs only; the keyboard and screen readers have Delete and the menu.
          'aria-hidden': 'true',
          'data-tip': 'Close (Delete)',
          'data-testid': 'terminal-tab-close',
          onclick: () => host.close(),
        },
        icon('close'),
      ),
    );
    this.showProgram('');
  }

  get name(): string {
    return tabLabel(this.program, this.number);
  }

  showProgram(program: string): void {
    this.program = program;
    setText(this.label, this.name);
  }

  showTitle(title: string): void {
    setAttribute(this.button, 'data-tip', title === '' ? null : title);
  }

  setChosen(isChosen: boolean): void {
    setAttribute(this.button, 'aria-selected', String(isChosen));
    setAttribute(this.button, 'tabindex', isChosen ? 0 : -1);
    this.element.classList.toggle('is-chosen', isChosen);
    if (isChosen) this.setRung(false);
  }

  setRung(hasRung: boolean): void {
    this.element.classList.toggle('has-rung', hasRung);
  }

  setEnded(): void {
    this.element.classList.add('is-ended');
    setAttribute(this.button, 'aria-description', 'ended');
  }
}
