import type { ShellPlace } from './shell-command.js';

/** Where shells work, and that there is such a place at all. A class, because it is injected by its name. */
export abstract class ShellPlaces {
  /** @throws AppError `not_found` */
  abstract ofInstance(id: number): Promise<ShellPlace>;
  /** @throws AppError `not_found` when there is no such instance */
  abstract requireInstance(id: number): void;
  abstract ofMachine(): Promise<ShellPlace>;
}

/** The machine itself, as the owner of terminals. */
export const MACHINE = 'machine';

/** An instance as the owner of terminals. */
export function ownerOf(instanceId: number): string {
  return `instance-${instanceId}`;
}
