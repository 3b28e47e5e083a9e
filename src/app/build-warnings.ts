import type { EventHub } from '../core/events/event-hub.js';
import { StandingWarnings } from '../core/warnings/standing-warnings.js';

export interface Warnings {
  standing: StandingWarnings;
  /** All that the operator should know of now. */
  all: () => string[];
  /** To be called when the disk's warnings are others. */
  tell: () => void;
}

/** @param ofDisk what there is to say of the disk, which is told before the rest */
export function buildWarnings(hub: EventHub, ofDisk: () => string[]): Warnings {
  const all = (): string[] => [...ofDisk(), ...standing.list];
  const tell = (): void => {
    hub.publish('system.warnings', all());
  };
  const standing: StandingWarnings = new StandingWarnings({
    tell: (notice) => hub.publish('notice', notice),
    onChange: tell,
  });
  return { standing, all, tell };
}
