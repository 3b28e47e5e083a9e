import { currentSeparation } from '../processes/separation.js';

/**
 * Arguments that let a runner or a terminal host take this process's calls although it has another user, from its kernel's
 * word (SO_PEERCRED). None where applications run as this process does.
 */
export function trustedUid(): string[] {
  const ownUid = process.getuid?.();
  return currentSeparation() === null || ownUid === undefined ? [] : ['--trusted-uid', String(ownUid)];
}
