import type { AppUser } from '../core/config/app-user.js';
import { ownMissingCapabilities } from '../host/processes/kernel-capabilities.js';
import { separateApplications } from '../host/processes/separation.js';
import { programFiles } from './program-files.js';

/** Applications cannot be run as the user that they are meant to have. */
export class CannotKeepApart extends Error {
  override readonly name = 'CannotKeepApart';
}

/**
 * From now on everything of applications runs as that user; null: as this process does.
 * @throws CannotKeepApart rather than running them with AiKore's rights
 */
export function keepApplicationsApart(user: AppUser | null): void {
  if (user === null) {
    separateApplications(null);
    return;
  }
  if (user.uid === process.getuid?.())
    throw new CannotKeepApart(
      `AIKORE_APP_USER names user ${user.uid}, as whom AiKore itself runs: applications would not be kept apart from it. Name another user, or leave the variable out.`,
    );
  const missing = ownMissingCapabilities();
  if (missing.length > 0)
    throw new CannotKeepApart(
      `AIKORE_APP_USER asks for applications to run as user ${user.uid}, but this process lacks the capabilities for it: ${missing.join(', ')}. Start AiKore with them, or leave the variable out.`,
    );
  separateApplications({ user, binary: programFiles.runner });
}
