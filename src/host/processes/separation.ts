import type { AppUser } from '../../core/config/app-user.js';

/** Applications run as another user than this process. */
export interface Separation {
  user: AppUser;
  /** The native program that changes the user (scripts/runner/README.md). */
  binary: string;
}

/** Whose rights a program gets: this process's user, without its capabilities, or the applications'. */
export type RunAs = 'own' | 'apps';

let separation: Separation | null = null;

/**
 * To be told once, before anything is started. Whom applications run as is a property of the whole process, as its own
 * user is: nothing that starts a program can forget it.
 */
export function separateApplications(of: Separation | null): void {
  separation = of;
}

/** Null: applications run as this process does. */
export function currentSeparation(): Separation | null {
  return separation;
}
