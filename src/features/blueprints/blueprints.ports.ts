import type { BlueprintUser } from '../../contracts/blueprint.js';

/** What blueprints have to know of instances. */
export interface BlueprintUsers {
  /** The instances that were made from a blueprint. */
  of(filename: string): BlueprintUser[];
  /** A blueprint has another name now, by which its instances are to know it. */
  follow(from: string, to: string): Promise<void>;
  /** The catalogue is another one now. */
  changed(): void;
}

/** Where there are no instances. */
export const NO_USERS: BlueprintUsers = {
  of: () => [],
  follow: () => Promise.resolve(),
  changed: () => undefined,
};
