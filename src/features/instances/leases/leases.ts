import type { InstanceEntity } from '../instance.entity.js';
import type { DisplayLeases } from './display-leases.js';
import type { PortLeases } from './port-leases.js';
import type { PublishedLeases } from './published-leases.js';

/** The numbers of this machine that instances hold. */
export class Leases {
  constructor(
    readonly ports: PortLeases,
    readonly published: PublishedLeases,
    private readonly displays: DisplayLeases,
  ) {}

  /**
   * Checks at a start that what the instance holds is really free, and heals what is not.
   * @returns the port, which stays reserved for the instance, and what there is to say of changes
   */
  async confirm(row: InstanceEntity): Promise<{ port: number; note: string }> {
    const display = await this.displays.confirm(row);
    const desktopPort = row.persistent_mode ? await this.published.confirm(row, 'persistent_port') : '';
    const { port, note } = await this.ports.confirm(row);
    const notes = [note, display, desktopPort];
    return { port, note: notes.filter((text) => text !== '').join(' ') };
  }
}
