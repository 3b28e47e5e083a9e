import type { ServerEvent } from '../contracts/events.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import type { InstancesParts } from './build-instances.js';

/** Run of an instance that was looked at since it became ready. */
type LookedAt = Map<number, number>;

/** Statuses in which processes live; one that is found again may be in any of them. */
const HAS_DESKTOP: ReadonlySet<string> = new Set(['starting', 'started', 'stalled']);

/** Keeps what is said of instances beside their state: where they listen, and what the next start was asked to do. */
export function keepNotesFresh(hub: EventHub, parts: InstancesParts, logger: Logger): void {
  const lookedAt: LookedAt = new Map();
  hub.subscribe((event) => {
    if (event.type === 'instance.removed') forget(event.data.id, parts, lookedAt);
    // Not inside the event: what is found is told by another one, and the hub's order must stay.
    if (event.type === 'instance.state') queueMicrotask(() => settle(event.data, parts, lookedAt, logger));
  });
}

/** Looks once for what an earlier AiKore left to be done; one that cannot be looked at holds up no boot. */
export async function lookForWishes({ registry, wishes }: InstancesParts): Promise<void> {
  const resting = registry.all().filter((supervisor) => !supervisor.isActive);
  await Promise.allSettled(resting.map(({ row }) => wishes.look(row.id)));
}

type StateEvent = Extract<ServerEvent, { type: 'instance.state' }>['data'];

function settle(instance: StateEvent, parts: InstancesParts, lookedAt: LookedAt, logger: Logger): void {
  const { id, status, run } = instance;
  const { registry, exposure, desktopWatch, wishes } = parts;
  const supervisor = registry.find(id);
  if (supervisor === null) return;
  if (status === 'started' && lookedAt.get(id) !== run) {
    lookedAt.set(id, run);
    exposure.look(id, supervisor.port);
  }
  if (instance.persistent_mode && HAS_DESKTOP.has(status)) desktopWatch.follow(id);
  if (status !== 'stopped' && status !== 'error') return;
  lookedAt.delete(id);
  exposure.forget(id);
  desktopWatch.forget(id);
  wishes.look(id).catch((error: unknown) => {
    logger.warn('it cannot be told what its next start was asked to do', { instance: id, error });
  });
}

function forget(
  id: number,
  { exposure, desktopWatch, wishes, dropped }: InstancesParts,
  lookedAt: LookedAt,
): void {
  lookedAt.delete(id);
  exposure.forget(id);
  desktopWatch.forget(id);
  wishes.forget(id);
  dropped.forget(id);
}

/** Which cards the machine has is part of what instances warn of. */
export function tellGpuWarnings(hub: EventHub, { registry, view }: InstancesParts): void {
  for (const supervisor of registry.all()) {
    if (supervisor.row.gpu_ids) hub.publish('instance.updated', view(supervisor));
  }
}
