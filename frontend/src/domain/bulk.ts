import type { Instance } from '../../../src/contracts/instance.js';

export type BulkVerb = 'start' | 'stop' | 'restart' | 'trash';

/** What a command on several instances is about: those that it applies to, and the others. */
export interface Share {
  able: Instance[];
  others: Instance[];
}

interface Words {
  doing: string;
  failed: string;
  /** Said of those that it does not apply to. */
  others: (isOne: boolean) => string;
}

const WORDS: Readonly<Record<BulkVerb, Words>> = {
  start: {
    doing: 'Starting',
    failed: 'was not started',
    others: (isOne) => (isOne ? 'was running already' : 'were running already'),
  },
  stop: {
    doing: 'Stopping',
    failed: 'was not stopped',
    others: (isOne) => (isOne ? 'was not running' : 'were not running'),
  },
  restart: {
    doing: 'Restarting',
    failed: 'was not restarted',
    others: (isOne) => (isOne ? 'was not running' : 'were not running'),
  },
  trash: {
    doing: 'Moved to the trash:',
    failed: 'was not moved to the trash',
    others: (isOne) => (isOne ? 'runs and was left' : 'run and were left'),
  },
};

/** @param reasonOf why a command cannot be given to an instance now, or null */
export function shareOf(
  instances: readonly Instance[],
  reasonOf: (instance: Instance) => string | null,
): Share {
  const share: Share = { able: [], others: [] };
  for (const instance of instances) (reasonOf(instance) === null ? share.able : share.others).push(instance);
  return share;
}

/** `Starting 2, 1 was running already.`: one sentence for many calls. */
export function describeDone(verb: BulkVerb, done: readonly Instance[], others: readonly Instance[]): string {
  const { doing, others: rest } = WORDS[verb];
  const what = done.length === 1 ? (done[0]?.name ?? '') : String(done.length);
  const parts = [done.length > 0 ? `${doing} ${what}` : ''];
  if (others.length > 0) parts.push(`${String(others.length)} ${rest(others.length === 1)}`);
  return `${parts.filter(Boolean).join(', ')}.`;
}

/** `Forge was not started: …` */
export function describeFailure(verb: BulkVerb, name: string, reason: string): string {
  return `${name} ${WORDS[verb].failed}: ${reason}`;
}

const MOST_NAMED = 12;

/** Names for a question, not more than one reads. */
export function listNames(instances: readonly Instance[]): string {
  const named = instances.slice(0, MOST_NAMED).map(({ name }) => name);
  const rest = instances.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${String(rest)} more` : named.join(', ');
}

/** Instances in the rounds in which a command reaches them: a parent cannot go while its satellites are there. */
export function roundsOf(verb: BulkVerb, instances: readonly Instance[]): Instance[][] {
  if (verb !== 'trash') return [[...instances]];
  const isSatellite = ({ parent_instance_id: parent }: Instance) => parent !== null;
  return [instances.filter(isSatellite), instances.filter((one) => !isSatellite(one))];
}
