import type { Instance } from '../../../src/contracts/instance.js';

/** What is stored of an address; that may stay, whatever the rules have become since. */
type Stored<Key extends keyof Instance> = Pick<Instance, Key> | null;

/**
 * What is wrong with the port of an instance in port mode, as a sentence, or null.
 * @param text as it was typed; none leaves the choice to AiKore
 * @param range `19001-19020`, or null while it is not known
 */
export function publishedPortProblem(
  text: string,
  range: string | null,
  stored: Stored<'public_port'>,
): string | null {
  if (text === '' || text === stored?.public_port?.toString()) return null;
  const [first = 1, last = 65_535] = range === null ? [] : range.split('-').map(Number);
  const isInRange = /^\d+$/.test(text) && Number(text) >= first && Number(text) <= last;
  return isInRange ? null : `It is a port of the published range ${range ?? ''}.`;
}

/** What is wrong with answering at a hostname, as a sentence, or null. */
export function usedHostnameProblem(
  isUsed: boolean,
  hostname: string,
  stored: Stored<'hostname' | 'use_custom_hostname'>,
): string | null {
  if (!isUsed || hostname !== '') return null;
  const isStored = stored?.use_custom_hostname === true && stored.hostname === null;
  return isStored ? null : 'It needs a hostname to answer at.';
}
