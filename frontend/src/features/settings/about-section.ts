import type { ProxyState } from '../../../../src/contracts/proxy.js';
import type { Capability, SystemInfo } from '../../../../src/contracts/system.js';
import { h, replaceChildren } from '../../base/dom.js';
import { ageMs, formatAge, formatBytes, formatExact } from '../../base/format.js';
import type { Disposable } from '../../base/lifecycle.js';
import { copyButton } from '../../ui/copy.js';
import { icon } from '../../ui/icon.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';

/** What runs here, where, and what this machine lacks. */
export class AboutSection implements SettingsSection {
  readonly element = h('div', { class: 'settings-part', 'data-testid': 'about' });
  private readonly subscription: Disposable;

  constructor(private readonly host: SettingsHost) {
    this.subscription = host.system.info.watch(() => this.show());
  }

  show(): void {
    const info = this.host.system.info.value;
    replaceChildren(this.element, ...(info === null ? [h('p', null, 'Connecting…')] : content(info)));
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

function content(info: SystemInfo): Node[] {
  const rows = factsOf(info);
  return [
    h('p', null, h('strong', null, `AiKore ${info.version}`), ' turns blueprints into running applications.'),
    h(
      'div',
      { class: 'facts' },
      h(
        'dl',
        null,
        ...rows.flatMap(([term, value]) => [h('dt', null, term), h('dd', { class: 'is-user-text' }, value)]),
      ),
    ),
    h('h3', null, 'Parts of this machine'),
    h('ul', { class: 'settings-list', 'data-testid': 'capabilities' }, ...info.capabilities.map(capability)),
    h('h3', null, 'Further'),
    h(
      'ul',
      { class: 'link-list' },
      link('/api/docs', 'API documentation'),
      link('/api/openapi.json', 'OpenAPI document'),
      link('/metrics', 'Figures for Prometheus'),
    ),
    h(
      'p',
      { class: 'field-hint' },
      'User documentation lies in the folder docs beside the program. Packages that AiKore is built with keep their own licences, which lie beside them in node_modules.',
    ),
    h(
      'div',
      { class: 'settings-actions' },
      copyButton(() => rows.map(([term, value]) => `${term}: ${value}`).join('\n'), {
        label: 'Copy for a bug report',
        testId: 'about-copy',
      }),
    ),
  ];
}

function factsOf(info: SystemInfo): [string, string][] {
  const age = ageMs(info.started_at, Date.now());
  return [
    ['Version', info.version],
    ['Running since', `${formatExact(info.started_at)}${age === null ? '' : ` (${formatAge(age)})`}`],
    ['Data directory', info.data_dir],
    ['Machine', `${info.hostname}, ${info.os}, Linux ${info.kernel}`],
    ['Processor', `${info.cpu_model || 'not known'}, ${String(info.cpu_count)} cores`],
    ['Memory', formatBytes(info.memory_total_bytes)],
    ['GPUs', info.gpus.length === 0 ? 'none' : info.gpus.map(({ name }) => name).join(', ')],
    ['Dashboard', info.dashboard_url],
    ['Applications', info.apps_url],
    ...engineOf(info.proxy),
  ];
}

/** Who serves the applications. */
function engineOf({ engine, version, is_serving: isServing }: ProxyState): [string, string][] {
  const who = engine === 'nginx' ? `NGINX ${version ?? ''}`.trim() : 'AiKore itself (embedded engine)';
  return [['Served by', isServing ? who : `${who}, which does not serve now; see the warnings`]];
}

function capability({ name, present, detail }: Capability): HTMLElement {
  return h(
    'li',
    { 'data-testid': 'capability', 'data-present': String(present) },
    icon(present ? 'check' : 'info', present ? 'is-fine' : 'is-quiet'),
    h(
      'div',
      { class: 'settings-text' },
      h('strong', null, name, present ? null : h('span', { class: 'tag is-quiet' }, 'absent')),
      h('small', { class: 'is-user-text' }, detail),
    ),
  );
}

function link(href: string, label: string): HTMLElement {
  return h('li', null, h('a', { href, target: '_blank', rel: 'noopener' }, label));
}
