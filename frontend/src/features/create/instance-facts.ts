import type { Instance } from '../../../../src/contracts/instance.js';
import { h, safeHref } from '../../base/dom.js';
import type { Child } from '../../base/dom.js';
import { formatExact } from '../../base/format.js';
import { describeExit, tellingReason } from '../../domain/status.js';

/** What is known of an instance and not for editing. */
export function instanceFacts(instance: Instance, blueprintLabel: string): HTMLElement {
  const exit = describeExit(instance);
  const facts: [string, Child][] = [
    ['Status', [instance.status, tellingReason(instance)].filter(Boolean).join(' – ')],
    ['Since', formatExact(instance.status_since)],
    ['Blueprint', `${blueprintLabel} (${instance.base_blueprint})`],
    ['Address', h('a', { href: safeHref(instance.url), target: '_blank', rel: 'noopener' }, instance.url)],
  ];
  if (instance.run > 0) facts.push(['Run', String(instance.run)]);
  if (instance.pid !== null) facts.push(['Process', String(instance.pid)]);
  if (exit !== null) facts.push(['Last end', exit]);
  if (instance.restarts > 0) facts.push(['Restarts', `${String(instance.restarts)} by itself`]);
  facts.push(['Created', formatExact(instance.created_at)]);
  return h(
    'div',
    { class: 'facts', 'data-testid': 'facts' },
    h('dl', null, ...facts.flatMap(([term, value]) => [h('dt', null, term), h('dd', null, value)])),
    instance.warnings.length === 0
      ? null
      : h(
          'ul',
          { class: 'evidence-warnings' },
          ...instance.warnings.map((warning) => h('li', null, warning)),
        ),
    instance.evidence.length === 0
      ? null
      : h('pre', { class: 'evidence-lines', tabindex: 0 }, instance.evidence.join('\n')),
  );
}
