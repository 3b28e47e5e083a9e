import type { PortLease, PortUse, PortsView } from '../../../../src/contracts/ports.js';
import { h } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { LoadedPart } from './loaded-list.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';

const USES: Record<PortUse, string> = {
  application: 'application, on loopback',
  published: 'published',
  desktop: 'desktop',
};

/** Whose the ports are, and what others can reach. */
export class PortsSection implements SettingsSection {
  readonly element: HTMLElement;
  private readonly view: LoadedPart<PortsView>;

  constructor(private readonly host: SettingsHost) {
    this.view = new LoadedPart(
      host.notices,
      () => host.admin.ports(),
      (ports) => this.draw(ports),
    );
    this.element = h(
      'div',
      { class: 'settings-part' },
      this.view.element,
      h(
        'div',
        { class: 'settings-actions' },
        button({
          label: 'Look again',
          icon: 'restart',
          testId: 'ports-refresh',
          onClick: () => void this.view.load(),
        }),
      ),
    );
  }

  show(): void {
    void this.view.load();
  }

  dispose(): void {
    // Nothing outlives its elements.
  }

  private draw(view: PortsView): Node[] {
    const exposed = view.leases.filter(({ exposed_addresses: addresses }) => addresses.length > 0);
    return [
      ...exposed.map((lease) => exposure(lease)),
      facts(view),
      view.leases.length === 0
        ? h('p', null, 'No instance has a port yet.')
        : h(
            'table',
            { class: 'settings-table', 'data-testid': 'ports-table' },
            h('caption', { class: 'is-off-screen' }, 'Leased ports'),
            h(
              'thead',
              null,
              h(
                'tr',
                null,
                ...['Port', 'Instance', 'For', 'Now'].map((title) => h('th', { scope: 'col' }, title)),
              ),
            ),
            h('tbody', null, ...view.leases.map((lease) => this.row(lease))),
          ),
    ];
  }

  private row(lease: PortLease): HTMLElement {
    const isExposed = lease.exposed_addresses.length > 0;
    const now = isExposed
      ? `open to others on ${lease.exposed_addresses.join(', ')}`
      : lease.is_listening
        ? 'listening'
        : 'quiet';
    return h(
      'tr',
      { 'data-testid': 'port', 'data-port': lease.port, 'data-exposed': String(isExposed) },
      h('td', { class: 'is-mono', 'data-label': 'Port' }, lease.port),
      h(
        'td',
        { 'data-label': 'Instance' },
        h(
          'button',
          { type: 'button', class: 'link is-user-text', onclick: () => this.host.reveal(lease.instance_id) },
          lease.instance_name,
        ),
      ),
      h('td', { 'data-label': 'For' }, USES[lease.use]),
      h('td', { 'data-label': 'Now' }, h('span', { class: isExposed ? 'outcome is-refused' : '' }, now)),
    );
  }
}

function exposure(lease: PortLease): HTMLElement {
  return h(
    'div',
    { class: 'callout is-attention', 'data-testid': 'port-exposed' },
    icon('warning'),
    h(
      'p',
      null,
      h('strong', { class: 'is-user-text' }, lease.instance_name),
      ` listens on ${lease.exposed_addresses.join(', ')}, port ${String(lease.port)}: whoever reaches this machine can use it there without signing in. Start it on 127.0.0.1 only; most applications take --listen, --host or --server-name 127.0.0.1.`,
    ),
  );
}

function facts(view: PortsView): HTMLElement {
  const { range, free_ports: free, foreign_ports: foreign } = view;
  const rows: [string, string][] = [
    ['Dashboard', String(view.dashboard_port)],
    ['Applications', String(view.apps_port)],
    ['Published range', `${String(range.first)}–${String(range.last)} (AIKORE_INSTANCE_PORT_RANGE)`],
    ['Free in it', free.length === 0 ? 'none' : `${plural(free.length, 'port')}: ${ranges(free)}`],
  ];
  if (foreign.length > 0) rows.push(['Taken by other programs', ranges(foreign)]);
  return h(
    'div',
    { class: 'facts' },
    h('dl', null, ...rows.flatMap(([term, value]) => [h('dt', null, term), h('dd', null, value)])),
  );
}

/** `19001–19004, 19007`: ports in order, those that follow each other together. */
export function ranges(ports: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const port of ports) {
    const last = runs.at(-1);
    if (last && port === last[1] + 1) last[1] = port;
    else runs.push([port, port]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${String(from)}–${String(to)}`)).join(', ');
}
