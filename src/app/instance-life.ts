import { despiteFullDisk } from '../core/errors.js';
import type { Logger } from '../core/logging.js';
import { settleArrivals } from '../features/instances/folders/settle-arrivals.js';
import { settleInterruptedMoves } from '../features/instances/trash/interrupted-moves.js';
import { sweepLeftovers } from '../features/instances/trash/leftovers.js';
import type { InstancesParts } from './build-instances.js';
import { lookForWishes } from './instance-notes.js';

/** A thousand that start by themselves must leave AiKore time to answer. */
const STARTS_AT_ONCE = 12;

/** How often a shutdown looks whether all have ended. */
const SETTLE_POLL_MS = 50;

/** Loads every instance and finds out what became of it while no AiKore looked. */
export async function bootInstances(parts: InstancesParts, logger: Logger): Promise<void> {
  const { registry, repository, supervise, trash, paths } = parts;
  for (const row of await repository.all()) registry.add(supervise(row));
  await Promise.all(registry.all().map((supervisor) => supervisor.boot()));
  // A full disk leaves them as they are, for the next start.
  await despiteFullDisk(settleInterruptedMoves({ registry, repository, paths, logger }));
  await despiteFullDisk(settleArrivals(registry, paths, logger));
  await sweepLeftovers(registry, paths);
  await despiteFullDisk(bringPortsInside(parts, logger));
  await lookForWishes(parts);
  await trash.sweep();
}

/** The published range may be another one than the last time. */
async function bringPortsInside({ registry, leases }: InstancesParts, logger: Logger): Promise<void> {
  for (const { row } of registry.all()) {
    for (const note of await leases.bringInside(row)) logger.warn(`${row.name}: ${note}`);
  }
}

/** Starts what wants to be started and does not run; from then on automatic restarts come when they are due. */
export async function autostart({ registry }: InstancesParts, logger: Logger): Promise<void> {
  const wanted = registry.all().filter((supervisor) => supervisor.row.autostart && !supervisor.isActive);
  const startNext = async (): Promise<void> => {
    for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
      const { name } = next.row;
      await next.command('start').catch((error: unknown) => {
        logger.error('an instance could not be started', { instance: name, error });
      });
      await next.settled();
    }
  };
  await Promise.all(Array.from({ length: STARTS_AT_ONCE }, startNext));
  await Promise.all(registry.all().map((supervisor) => supervisor.resumeRestart()));
}

/** Lets every instance run on without AiKore. */
export function releaseInstances({ registry }: InstancesParts): void {
  for (const supervisor of registry.all()) supervisor.release();
}

/**
 * Stops every instance at once, all inside one grace period.
 * @param hurry aborting it kills what is left
 * @param limitMs after which it is given up
 * @returns names of the instances that could not be ended
 */
export async function stopInstances(
  { registry }: InstancesParts,
  hurry: AbortSignal,
  limitMs: number,
): Promise<string[]> {
  const active = () => registry.all().filter((supervisor) => supervisor.isActive);
  const unasked = () => active().filter((supervisor) => supervisor.row.status !== 'stopping');
  const tell = (command: 'stop' | 'kill', supervisors = active()) =>
    Promise.all(supervisors.map((supervisor) => supervisor.command(command).catch(() => undefined)));
  hurry.addEventListener('abort', () => void tell('kill'));
  const cancelRestarts = () => Promise.all(registry.all().map((supervisor) => supervisor.cancelRestart()));
  await cancelRestarts();
  await tell(hurry.aborted ? 'kill' : 'stop');
  const deadlineMs = performance.now() + limitMs;
  while (active().length > 0 && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    // The dashboard still answers, so that one can watch: somebody may start something.
    await tell(hurry.aborted ? 'kill' : 'stop', unasked());
  }
  // Of what failed at the last moment.
  await cancelRestarts();
  const left = active().map((supervisor) => supervisor.row.name);
  for (const supervisor of registry.all()) supervisor.release();
  return left;
}
