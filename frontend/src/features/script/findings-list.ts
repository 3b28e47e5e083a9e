import type { ScriptFinding } from '../../../../src/contracts/script.js';
import { h, replaceChildren, setAttribute } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { LEVELS } from './finding.js';

export interface FindingsHost {
  reveal(finding: ScriptFinding): void;
  step(step: 1 | -1): void;
  close(): void;
}

/** What the checks say of the script, each line a way to its place. */
export class FindingsList {
  private readonly list = h('ol', { class: 'findings-list', 'data-testid': 'findings-list' });
  private readonly notes = h('div', { class: 'findings-notes' });
  readonly element: HTMLElement;

  constructor(private readonly host: FindingsHost) {
    this.element = h(
      'section',
      { class: 'findings', 'aria-label': 'Findings', hidden: true, 'data-testid': 'findings' },
      h(
        'header',
        { class: 'findings-head' },
        h('h3', null, 'Findings'),
        step('Previous finding (Shift+F8)', 'chevron-up', 'finding-previous', () => host.step(-1)),
        step('Next finding (F8)', 'chevron-down', 'finding-next', () => host.step(1)),
        step('Close the list', 'close', 'findings-close', () => host.close()),
      ),
      this.list,
      this.notes,
    );
  }

  show(findings: readonly ScriptFinding[], notes: readonly string[]): void {
    replaceChildren(this.list, ...findings.map((finding) => this.line(finding)));
    this.list.hidden = findings.length === 0;
    const said = findings.length === 0 ? ['Nothing was found.', ...notes] : notes;
    replaceChildren(this.notes, ...said.map((text) => h('p', null, text)));
  }

  /** Marks the finding that was gone to. */
  mark(index: number): void {
    for (const [at, line] of [...this.list.children].entries()) {
      setAttribute(line, 'aria-current', at === index ? 'true' : null);
      if (at === index) line.scrollIntoView({ block: 'nearest' });
    }
  }

  private line(finding: ScriptFinding): HTMLElement {
    const { word, symbol, meaning } = LEVELS[finding.level];
    const place = `${String(finding.line)}:${String(finding.column)}`;
    return h(
      'li',
      { class: 'finding', 'data-meaning': meaning, 'data-testid': 'finding' },
      h(
        'button',
        { type: 'button', class: 'finding-go', onclick: () => this.host.reveal(finding) },
        icon(symbol),
        h('span', { class: 'finding-level' }, word),
        h('span', { class: 'finding-place is-mono' }, place),
        h('span', { class: 'finding-message', dir: 'auto' }, finding.message),
      ),
      finding.url === undefined
        ? h('code', { class: 'finding-code' }, finding.code)
        : h(
            'a',
            {
              class: 'finding-code is-mono',
              href: finding.url,
              target: '_blank',
              rel: 'noopener noreferrer',
            },
            finding.code,
          ),
    );
  }
}

function step(
  label: string,
  name: 'chevron-up' | 'chevron-down' | 'close',
  testId: string,
  onClick: () => void,
) {
  return button({ label, icon: name, isIconOnly: true, kind: 'quiet', testId, onClick });
}
