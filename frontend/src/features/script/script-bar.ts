import { h, setAttribute, setText } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import type { ScriptFinding } from '../../../../src/contracts/script.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import { openMenu } from '../../ui/menu.js';
import type { MenuEntry } from '../../ui/menu.js';
import type { CheckState } from './script-checker.js';

export interface ScriptBarHost {
  filename: string;
  isReadOnly: boolean;
  find(): void;
  /** Null: there is nothing to compare with, or no history. */
  compare: (() => void) | null;
  history: (() => void) | null;
  canRestart: boolean;
  menu(): MenuEntry[];
  save(withRestart: boolean): void;
  toggleFindings(): void;
}

/** What can be done with the script, and how it stands. */
export class ScriptBar {
  private readonly state = h('span', {
    class: 'script-state',
    role: 'status',
    'data-testid': 'script-state',
  });
  private readonly findingsIcon = icon('check');
  private readonly findingsText = h('span', { 'data-testid': 'findings-count' });
  private readonly findings = h(
    'button',
    {
      type: 'button',
      class: 'button is-quiet findings-button',
      'aria-expanded': 'false',
      'data-testid': 'findings-button',
      onclick: () => this.host.toggleFindings(),
    },
    this.findingsIcon,
    this.findingsText,
  );
  private readonly saveButton: HTMLButtonElement;
  private readonly restartButton: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly host: ScriptBarHost) {
    const { compare, history } = host;
    this.saveButton = button({
      label: 'Save',
      kind: 'primary',
      testId: 'script-save',
      onClick: () => host.save(false),
    });
    this.restartButton = button({
      label: 'Save and restart',
      icon: 'restart',
      testId: 'script-save-restart',
      onClick: () => host.save(true),
    });
    const more = this.tool('More', 'more', 'script-more', () =>
      openMenu(more, 'More for the script', host.menu()),
    );
    setAttribute(more, 'aria-haspopup', 'menu');
    setAttribute(more, 'aria-expanded', 'false');
    this.element = h(
      'div',
      { class: 'script-bar' },
      h(
        'div',
        { class: 'script-title' },
        h('span', { class: 'script-name is-mono' }, host.filename),
        this.state,
      ),
      this.findings,
      h(
        'div',
        { class: 'script-tools' },
        this.tool('Find (Ctrl+F)', 'search', 'script-find', () => host.find()),
        compare && this.tool('Compare with the blueprint', 'compare', 'script-compare', compare),
        history && this.tool('History', 'history', 'script-history', history),
        more,
      ),
      host.isReadOnly
        ? null
        : h('div', { class: 'script-saves' }, host.canRestart ? this.restartButton : null, this.saveButton),
    );
  }

  showState(words: string, meaning: 'quiet' | 'attention' | 'working'): void {
    setText(this.state, words);
    setAttribute(this.state, 'data-meaning', meaning);
  }

  /** @param reasons why saving, and saving with a restart, is not possible now */
  showSaving(reasons: { save: string | null; restart: string | null }): void {
    setDisabledReason(this.saveButton, reasons.save, 'Save (Ctrl+S)');
    setDisabledReason(this.restartButton, reasons.restart, 'Save and restart (Ctrl+Shift+S)');
  }

  /** There is a text that can be checked. */
  setChecked(isChecked: boolean): void {
    this.findings.hidden = !isChecked;
  }

  showFindings(state: CheckState<ScriptFinding>, isOpen: boolean): void {
    setAttribute(this.findings, 'aria-expanded', String(isOpen));
    const { word, symbol, meaning } = findingsLook(state);
    setText(this.findingsText, word);
    setIcon(this.findingsIcon, symbol);
    setAttribute(this.findings, 'data-meaning', meaning);
    setAttribute(this.findings, 'data-tip', 'What bash and ShellCheck say of the script');
  }

  private tool(
    label: string,
    name: 'search' | 'compare' | 'history' | 'more',
    testId: string,
    onClick: () => void,
  ): HTMLButtonElement {
    return button({ label, icon: name, isIconOnly: true, kind: 'quiet', testId, onClick });
  }
}

function findingsLook(state: CheckState<ScriptFinding>) {
  if (state.kind === 'waiting')
    return { word: 'Checking…', symbol: 'status-queued', meaning: 'quiet' } as const;
  if (state.kind === 'failed')
    return { word: 'Not checked', symbol: 'warning', meaning: 'attention' } as const;
  const { findings } = state;
  if (findings.length === 0) return { word: 'No findings', symbol: 'check', meaning: 'quiet' } as const;
  const word = plural(findings.length, 'finding');
  if (findings.some(({ level }) => level === 'error'))
    return { word, symbol: 'status-error', meaning: 'failed' } as const;
  const isWarned = findings.some(({ level }) => level === 'warning');
  return {
    word,
    symbol: isWarned ? 'warning' : 'info',
    meaning: isWarned ? 'attention' : 'working',
  } as const;
}
