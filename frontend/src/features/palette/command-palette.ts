import { h, replaceChildren, setAttribute, uniqueId } from '../../base/dom.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import type { IconName } from '../../ui/icon.js';
import { findCommands } from './palette-order.js';

export interface Command {
  label: string;
  /** What it goes to, for a command that does nothing else. */
  place?: string;
  /** What it is about, such as an instance's status. */
  note?: string;
  icon?: IconName;
  shortcut?: string;
  run: () => void;
}

const MOST_SHOWN = 40;

/** Offers commands by a few letters of their names. */
export function openCommandPalette(commands: readonly Command[]): void {
  new CommandPalette(commands);
}

class CommandPalette {
  private readonly listId = uniqueId('commands');
  private readonly input = h('input', {
    type: 'text',
    class: 'palette-input',
    placeholder: 'Type a command or the name of an instance',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    autofocus: true,
    'aria-expanded': 'true',
    'aria-controls': this.listId,
    'aria-label': 'Command',
    'data-testid': 'palette-input',
    oninput: () => this.draw(),
    onkeydown: (event) => this.key(event),
  });
  private readonly list = h('div', {
    class: 'palette-list',
    role: 'listbox',
    id: this.listId,
    'aria-label': 'Commands',
  });
  private readonly dialog: OpenDialog;
  private shown: readonly Command[] = [];
  private present = 0;

  constructor(private readonly commands: readonly Command[]) {
    this.draw();
    this.dialog = openDialog({
      title: 'Commands',
      testId: 'palette',
      content: [this.input, this.list],
      onSubmit: () => this.run(this.present),
    });
    this.dialog.element.classList.add('is-palette');
    this.dialog.element.addEventListener('click', (event) => {
      if (event.target === this.dialog.element) this.dialog.close();
    });
    this.input.focus();
  }

  private draw(): void {
    this.shown = findCommands(this.commands, this.input.value).slice(0, MOST_SHOWN);
    this.present = 0;
    replaceChildren(this.list, ...this.shown.map((command, index) => this.option(command, index)));
    if (this.shown.length === 0) this.list.append(h('p', { class: 'picker-empty' }, 'No command matches.'));
    this.mark();
  }

  private option(command: Command, index: number): HTMLElement {
    return h(
      'div',
      {
        class: 'palette-option',
        role: 'option',
        id: `${this.listId}-${String(index)}`,
        'data-testid': 'palette-option',
        onclick: () => this.run(index),
      },
      icon(command.icon ?? 'chevron-right'),
      h('span', { class: 'palette-label' }, command.label),
      command.note ? h('small', null, command.note) : null,
      command.shortcut ? h('kbd', null, command.shortcut) : null,
    );
  }

  private mark(): void {
    for (const [index, option] of [...this.list.children].entries()) {
      setAttribute(option, 'aria-selected', String(index === this.present));
      if (index === this.present) option.scrollIntoView({ block: 'nearest' });
    }
    setAttribute(this.input, 'aria-activedescendant', `${this.listId}-${String(this.present)}`);
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.ctrlKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.dialog.close();
    }
    if (step === 0 || this.shown.length === 0) return;
    event.preventDefault();
    this.present = (this.present + step + this.shown.length) % this.shown.length;
    this.mark();
  }

  private run(index: number): void {
    const command = this.shown[index];
    if (!command) return;
    // Closing gives the focus back first; a command that opens a dialog then returns it to the same place.
    this.dialog.element.addEventListener('close', () => command.run(), { once: true });
    this.dialog.close();
  }
}
