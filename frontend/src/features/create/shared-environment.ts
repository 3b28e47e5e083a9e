import type { InstallPins } from '../../../../src/contracts/environment.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { pinSummary } from '../../domain/pin-summary.js';

const ROWS: readonly (readonly [keyof InstallPins, string])[] = [
  ['git_ref', 'Source'],
  ['python_version', 'Python'],
  ['torch_version', 'PyTorch'],
  ['cuda_version', 'CUDA'],
  ['extra_requirements', 'Further packages'],
];

/** The environment of a satellite, which is its parent's and is changed there. @param parent null: it is gone */
export function sharedEnvironment(parent: Instance | null): HTMLElement {
  const whose = parent === null ? 'an instance that is gone' : parent.name;
  return h(
    'details',
    { class: 'advanced', 'data-testid': 'shared-environment' },
    h(
      'summary',
      null,
      'Environment',
      h('span', { class: 'summary-note' }, 'shared with ', h('b', { class: 'is-user-text' }, whose)),
    ),
    h(
      'p',
      { class: 'field-hint' },
      `Files, script and environment are those of ${whose}. They are changed there, and count for both.`,
    ),
    parent === null ? null : pinFacts(parent),
  );
}

function pinFacts(parent: Instance): HTMLElement {
  const facts = ROWS.filter(([key]) => (parent[key] ?? '') !== '');
  if (facts.length === 0) return h('p', { class: 'field-hint' }, `Made ${pinSummary(parent)}.`);
  return h(
    'div',
    { class: 'facts' },
    h(
      'dl',
      null,
      ...facts.flatMap(([key, label]) => [
        h('dt', null, label),
        h('dd', { class: 'is-mono shared-pin' }, parent[key]),
      ]),
    ),
  );
}
