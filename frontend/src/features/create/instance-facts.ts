import type { Instance } from '../../../../src/contracts/instance.js';
import type { SystemInfo } from '../../../../src/contracts/system.js';
import { h, safeHref } from '../../base/dom.js';
import type { Child } from '../../base/dom.js';
import { formatExact } from '../../base/format.js';
import { addressesOf } from '../../domain/addresses.js';
import type { Address } from '../../domain/addresses.js';
import type { InstanceStore } from '../../state/instances.js';
import { describeExit, tellingReason } from '../../domain/status.js';
import { copyButton } from '../../ui/copy.js';

/** What is known of an instance and not for editing. */
export function instanceFacts(
  instance: Instance,
  blueprintLabel: string,
  system: SystemInfo | null,
  kin: Kin,
): HTMLElement {
  const exit = describeExit(instance);
  const facts: [string, Child][] = [
    ['Status', [instance.status, tellingReason(instance)].filter(Boolean).join(' – ')],
    ['Since', formatExact(instance.status_since)],
    ['Blueprint', `${blueprintLabel} (${instance.base_blueprint})`],
    ...kinFacts(kin),
    ['Addresses', addressList(instance, system)],
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

/** With whom an instance shares files and environment. */
export interface Kin {
  isSatellite: boolean;
  /** Name of its parent; null: it has none, or that is gone. */
  parent: string | null;
  satellites: readonly string[];
}

export function kinOf({ id, parent_instance_id: parentId }: Instance, instances: InstanceStore): Kin {
  return {
    isSatellite: parentId !== null,
    parent: parentId === null ? null : (instances.get(parentId)?.name ?? null),
    satellites: instances
      .sorted()
      .filter((other) => other.parent_instance_id === id)
      .map(({ name }) => name),
  };
}

function kinFacts({ isSatellite, parent, satellites }: Kin): [string, Child][] {
  if (isSatellite) {
    const whose = parent ?? 'an instance that is gone';
    return [['Satellite of', `${whose}, whose files and environment it shares`]];
  }
  return satellites.length === 0 ? [] : [['Satellites', satellites.join(', ')]];
}

/** All of them, with the one that links have first; each can be opened and copied. */
function addressList(instance: Instance, system: SystemInfo | null): HTMLElement {
  const usual: Address = { kind: 'path', label: 'Address', url: instance.url };
  const addresses = system === null ? [usual] : addressesOf(instance, system, location.href);
  return h(
    'ul',
    { class: 'addresses', 'data-testid': 'addresses' },
    ...addresses.map(({ kind, label, url }) =>
      h(
        'li',
        { 'data-testid': `address-${kind}` },
        h('span', { class: 'addresses-kind' }, label),
        h('a', { href: safeHref(url), target: '_blank', rel: 'noopener' }, url),
        copyButton(() => url, { isIconOnly: true, name: `Copy the address: ${label}` }),
      ),
    ),
  );
}
