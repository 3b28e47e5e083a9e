import type { Instance } from '../../../src/contracts/instance.js';

/** What people call a status beside its word; the counts above the table do so too. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  started: 'running ready',
  error: 'failed crashed',
  starting: 'busy',
  stopping: 'busy',
  queued: 'waiting busy',
  stopped: 'resting',
};

/**
 * Whether an instance has every word of a query in its name, blueprint or status; a number is its whole port.
 * @param parent the name of the instance whose satellite it is: who looks for one finds its satellites too
 */
export function matchesFilter(
  instance: Instance,
  blueprint: string,
  query: string,
  parent?: string,
): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const also = ALSO_CALLED[instance.status] ?? '';
  const kin = parent === undefined ? '' : `satellite of ${parent}`;
  const text = `${instance.name} ${blueprint} ${instance.status} ${also} ${kin}`.toLowerCase();
  // A port counts as a whole: the digits of a name would be found in every third one.
  const isPort = (word: string) => Number(word) === (instance.public_port ?? instance.port);
  return words.every((word) => text.includes(word) || isPort(word));
}
