import type { AppError } from '../../../core/errors.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { DisplayLeases } from './display-leases.js';
import type { PortLeases } from './port-leases.js';
import { isUsedUp } from './published-leases.js';
import type { PublishedLeases, PublishedUse } from './published-leases.js';

export interface LeasesParts {
  ports: PortLeases;
  published: PublishedLeases;
  displays: DisplayLeases;
  /** Whether this machine has what desktops are made with. */
  hasDesktops: boolean;
  /** The address of an instance is another one now. */
  changed: (id: number) => void;
}

/** What an instance is started with. */
export interface ConfirmedLeases {
  port: number;
  /** What there is to say of changes. */
  note: string;
  /** Why its desktop cannot be reached; null when it can, or when it has none. */
  unreachable: AppError | null;
}

/** A port that was replaced when AiKore was started, and what there is to say of it. */
interface Moved {
  use: PublishedUse;
  port: number | null;
  note: string;
}

/** The numbers of this machine that instances hold. */
export class Leases {
  /** Until the instance is started, or gets another port. */
  private readonly moved = new Map<number, Moved[]>();

  constructor(private readonly parts: LeasesParts) {}

  /**
   * Checks at a start that what the instance holds is really free, and heals what is not.
   * @returns the port, which stays reserved for the instance, and more that the start has to know
   */
  async confirm(row: InstanceEntity): Promise<ConfirmedLeases> {
    const { displays, ports } = this.parts;
    this.moved.delete(row.id);
    const display = await displays.confirm(row);
    const address = await this.confirmPublicPort(row);
    const desktop = await this.confirmDesktopPort(row);
    const { port, note } = await ports.confirm(row);
    const notes = [note, display, address, desktop.note].filter((text) => text !== '');
    return { port, note: notes.join(' '), unreachable: desktop.unreachable };
  }

  /** The port that `confirm` has reserved is stored or given up. */
  settle(port: number): void {
    this.parts.ports.settle(port);
  }

  /**
   * When AiKore is started: the range may be another one than the last time. Nothing listens yet, so nobody is told.
   * @returns what there is to say, in sentences
   */
  async bringInside(row: InstanceEntity): Promise<string[]> {
    const moved: Moved[] = [];
    for (const use of usesOf(row)) {
      const before = row[use];
      const note = await this.parts.published.bringInside(row, use);
      if (row[use] !== before) moved.push({ use, port: row[use], note });
    }
    if (moved.length > 0) this.moved.set(row.id, moved);
    return moved.map(({ note }) => note);
  }

  /** What there is to say of an instance's ports, in sentences. */
  warningsOf(row: InstanceEntity): string[] {
    const moved = (this.moved.get(row.id) ?? []).filter(({ use, port }) => row[use] === port);
    const stray = usesOf(row).flatMap((use) => this.parts.published.strayWarning(row, use) ?? []);
    return [...moved.map(({ note }) => note), ...stray, ...this.missingAddress(row)];
  }

  private async confirmPublicPort(row: InstanceEntity): Promise<string> {
    if (row.access_mode !== 'port') return '';
    const note = await this.parts.published.bringInside(row, 'public_port');
    if (note !== '') this.parts.changed(row.id);
    return note;
  }

  private async confirmDesktopPort(
    row: InstanceEntity,
  ): Promise<Pick<ConfirmedLeases, 'note' | 'unreachable'>> {
    if (!row.persistent_mode || !this.parts.hasDesktops) return { note: '', unreachable: null };
    try {
      return { note: await this.parts.published.confirm(row, 'persistent_port'), unreachable: null };
    } catch (error) {
      if (!isUsedUp(error)) throw error;
      return { note: '', unreachable: error };
    }
  }

  private missingAddress(row: InstanceEntity): string[] {
    const isMissing = row.persistent_mode && row.persistent_port === null && row.pid !== null;
    return isMissing && this.parts.hasDesktops
      ? ['Its desktop has no address: no port of the published range was free when it was started.']
      : [];
  }
}

/** The published ports that count by an instance's settings. */
function usesOf(row: InstanceEntity): PublishedUse[] {
  return [
    ...(row.access_mode === 'port' ? (['public_port'] as const) : []),
    ...(row.persistent_mode ? (['persistent_port'] as const) : []),
  ];
}
