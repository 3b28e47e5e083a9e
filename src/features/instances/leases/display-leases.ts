import { AppError } from '../../../core/errors.js';
import type { DisplayUse } from '../../../host/xserver/display-probe.js';
import type { InstanceEntity } from '../instance.entity.js';

/** Below are the displays of people and of virtual ones that programs start by themselves. */
const FIRST_DISPLAY = 10;
const LAST_DISPLAY = 499;

export interface DisplayLeaseOptions {
  /** Every instance that may hold a lease. */
  rows: () => Iterable<InstanceEntity>;
  /** Stores a lease; the database lets no two instances have one number. */
  save: (id: number, display: number) => Promise<void>;
  probe: (display: number) => Promise<DisplayUse>;
  clean: (display: number) => Promise<boolean>;
  /** Holds a free number until a server is started; false when somebody else was quicker. */
  reserve: (display: number) => Promise<boolean>;
}

/** Leases of X displays for instances with a desktop: for their life, in the database, checked against the machine. */
export class DisplayLeases {
  private readonly reserved = new Set<number>();

  constructor(private readonly options: DisplayLeaseOptions) {}

  /**
   * Makes sure at a start that the instance has a display number that no server has, and holds it.
   * @returns what there is to say of a number that had to be given up, or nothing
   * @throws AppError `unavailable` when none is left; an error of the database when the lease cannot be stored
   */
  async confirm(row: InstanceEntity): Promise<string> {
    if (!row.persistent_mode) return '';
    const { persistent_display: before } = row;
    if (before !== null && (await this.isUsable(before))) return '';
    const display = await this.choose();
    try {
      await this.options.save(row.id, display);
      row.persistent_display = display;
    } finally {
      this.reserved.delete(display);
    }
    return before === null ? '' : `Its display :${before} was taken, so it got :${display}.`;
  }

  private async choose(): Promise<number> {
    const leased = new Set([...this.options.rows()].map((row) => row.persistent_display));
    for (let display = FIRST_DISPLAY; display <= LAST_DISPLAY; display += 1) {
      if (leased.has(display) || this.reserved.has(display)) continue;
      this.reserved.add(display);
      if (await this.isUsable(display)) return display;
      this.reserved.delete(display);
    }
    throw new AppError(
      'unavailable',
      'NO_FREE_DISPLAY',
      `No display between :${FIRST_DISPLAY} and :${LAST_DISPLAY} is free.`,
    );
  }

  /** What a dead server of ours left behind is cleared away. */
  private async isUsable(display: number): Promise<boolean> {
    const use = await this.options.probe(display);
    const isFree = use === 'free' || (use === 'stale' && (await this.options.clean(display)));
    return isFree && this.options.reserve(display);
  }
}
