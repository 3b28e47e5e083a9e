import type { PackageUpdate, UpdateCheck } from '../../../../src/contracts/environment.js';
import { h } from '../../base/dom.js';
import { hasNewer } from '../../domain/environment.js';

const REGISTRIES = { pypi: 'PyPI', npm: 'npm' } as const;

/** The packages that a blueprint installs by version, with the newest there are; nothing before somebody asked. */
export function packageSection(check: UpdateCheck | null): HTMLElement | null {
  if (check === null || check.packages.length === 0) return null;
  return h(
    'section',
    { 'aria-label': 'Packages', 'data-testid': 'environment-packages' },
    h('h3', null, 'Packages'),
    h(
      'table',
      { class: 'versions-table' },
      h(
        'thead',
        null,
        h('tr', null, ...['Package', 'There is', 'Newest'].map((title) => h('th', { scope: 'col' }, title))),
      ),
      h('tbody', null, ...check.packages.map(row)),
    ),
  );
}

function row(update: PackageUpdate): HTMLElement {
  const { name, registry, installed, latest, problem } = update;
  return h(
    'tr',
    { 'data-testid': 'package-update', 'data-name': name },
    h('th', { scope: 'row', dir: 'auto' }, name, h('small', null, ` ${REGISTRIES[registry]}`)),
    h('td', { class: 'is-mono', dir: 'auto' }, installed ?? '–'),
    h(
      'td',
      {
        class: problem === null ? 'is-mono' : null,
        dir: 'auto',
        'data-meaning': hasNewer(update) ? 'working' : null,
      },
      problem ?? latest ?? '–',
    ),
  );
}
