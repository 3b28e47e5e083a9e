import type { InstanceCreate } from '../../../src/contracts/instance.js';

/** What is unusual about where an instance will be reached, in few words; empty when nothing is. */
export function addressSummary(
  {
    access_mode: mode,
    persistent_mode: isPersistent,
  }: Pick<InstanceCreate, 'access_mode' | 'persistent_mode'>,
  hasDesktopParts: boolean,
): string {
  const parts = mode === 'port' ? ['a port of its own'] : [];
  if (isPersistent === true)
    parts.push(hasDesktopParts ? 'a desktop' : 'a desktop, of which this machine lacks parts');
  return parts.join(', ');
}
