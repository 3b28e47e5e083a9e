import type { PortLease, PortUse, PortsView } from '../../contracts/ports.js';
import type { PortRange } from '../../core/config/readers.js';
import type { InstanceRow } from '../instances/instances.api.js';

export interface PortsParts {
  range: PortRange;
  ownPorts: () => { dashboard: number; apps: number };
  rows: () => Iterable<InstanceRow>;
  /** Every port that is listened on. */
  listening: () => ReadonlySet<number>;
  /** Addresses other than loopback that are listened on, by port. */
  exposed: () => ReadonlyMap<number, string[]>;
}

/** Which ports there are, and whose they are. */
export class PortsService {
  constructor(private readonly parts: PortsParts) {}

  /** Looks at the kernel's tables when it is asked. */
  view(): PortsView {
    const { range, ownPorts, listening, exposed } = this.parts;
    const present = listening();
    const leases = this.leases(present, exposed());
    const leased = new Set(leases.map(({ port }) => port));
    const ofRange = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
    const unleased = ofRange.filter((port) => !leased.has(port));
    const { dashboard, apps } = ownPorts();
    return {
      dashboard_port: dashboard,
      apps_port: apps,
      range: { first: range.first, last: range.last },
      leases,
      free_ports: unleased.filter((port) => !present.has(port)),
      foreign_ports: unleased.filter((port) => present.has(port)),
    };
  }

  private leases(present: ReadonlySet<number>, exposed: ReadonlyMap<number, string[]>): PortLease[] {
    const leases: PortLease[] = [];
    for (const row of this.parts.rows()) {
      const ports: [PortUse, number | null][] = [
        ['application', row.port],
        ['published', row.public_port],
        ['desktop', row.persistent_port],
      ];
      for (const [use, port] of ports) {
        if (port === null) continue;
        leases.push({
          port,
          use,
          instance_id: row.id,
          instance_name: row.name,
          is_listening: present.has(port),
          // A published port is AiKore's own listener, behind its sign-in.
          exposed_addresses: use === 'application' ? (exposed.get(port) ?? []) : [],
        });
      }
    }
    return leases.sort((a, b) => a.port - b.port);
  }
}
