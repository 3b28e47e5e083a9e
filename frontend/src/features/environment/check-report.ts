import type { PackageConflict, VersionCheck } from '../../../../src/contracts/versions.js';
import { h } from '../../base/dom.js';
import type { Child } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { button } from '../../ui/button.js';
import { copyButton } from '../../ui/copy.js';
import { icon } from '../../ui/icon.js';

/** What a check found, in two panes: versions, and what does not fit together. */
export function checkReport(check: VersionCheck, rebuild: () => void): HTMLElement {
  return h(
    'div',
    { class: 'versions-report' },
    check.advice.length === 0 ? null : advice(check.advice),
    h('div', { class: 'versions-panes' }, versions(check), conflicts(check, rebuild)),
  );
}

function advice(sentences: readonly string[]): HTMLElement {
  return h(
    'ul',
    { class: 'versions-advice', 'aria-label': 'Advice', 'data-testid': 'versions-advice' },
    ...sentences.map((sentence) => h('li', { dir: 'auto' }, icon('info'), h('span', null, sentence))),
  );
}

function versions(check: VersionCheck): HTMLElement {
  const { environment } = check;
  const count = environment.installed_count;
  return pane(
    'Versions',
    'versions-facts',
    copyButton(() => check.versions, { testId: 'versions-copy' }),
    h(
      'p',
      { class: 'versions-lead', dir: 'auto', 'data-testid': 'versions-environment' },
      environment.message,
      count === null ? null : ` ${plural(count, 'package')} installed.`,
    ),
    table(
      ['What', 'Version'],
      [
        ...check.facts.map(({ label, value }) => [label, value]),
        ...check.packages.map(({ name, version }) => [name, version]),
      ],
    ),
  );
}

function conflicts(check: VersionCheck, rebuild: () => void): HTMLElement {
  const { conflicts_list: list, has_conflicts: has } = check;
  return pane(
    'Conflicts',
    'versions-conflicts',
    copyButton(() => check.conflicts, { testId: 'conflicts-copy' }),
    verdict(check),
    list.length === 0 ? null : table(['Package', 'Wants', 'There is'], list.map(conflictCells)),
    has === false || check.environment.kind === 'machine'
      ? null
      : h(
          'div',
          { class: 'versions-remedy' },
          button({
            label: 'Rebuild environment…',
            icon: 'restart',
            testId: 'versions-rebuild',
            onClick: rebuild,
          }),
          h('small', null, 'Installs everything anew, as the script says.'),
        ),
  );
}

function verdict({ has_conflicts: has, conflicts_list: list, conflicts: text }: VersionCheck): HTMLElement {
  const [symbol, meaning, words] =
    has === null
      ? (['warning', 'attention', text] as const)
      : has
        ? ([
            'status-error',
            'failed',
            `${plural(list.length, 'package does', 'packages do')} not fit.`,
          ] as const)
        : (['check', 'fine', 'Everything that is installed fits together.'] as const);
  return h(
    'p',
    { class: 'versions-verdict', 'data-meaning': meaning, dir: 'auto', 'data-testid': 'versions-verdict' },
    icon(symbol),
    h('span', null, words),
  );
}

function conflictCells(conflict: PackageConflict): string[] {
  const { package: name, version, requirement, dependency, installed } = conflict;
  return [
    version === null ? name : `${name} ${version}`,
    requirement,
    installed === null ? `no ${dependency}` : `${dependency} ${installed}`,
  ];
}

function pane(title: string, testId: string, copy: HTMLElement, ...content: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'versions-pane', 'aria-label': title, tabindex: 0, 'data-testid': testId },
    h('header', null, h('h3', null, title), copy),
    ...content,
  );
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return h(
    'table',
    { class: 'versions-table' },
    h('thead', null, h('tr', null, ...titles.map((title) => h('th', { scope: 'col' }, title)))),
    h(
      'tbody',
      null,
      ...rows.map(([first = '', ...rest]) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row', dir: 'auto' }, first),
          ...rest.map((cell) => h('td', { class: 'is-mono', dir: 'auto' }, cell)),
        ),
      ),
    ),
  );
}
