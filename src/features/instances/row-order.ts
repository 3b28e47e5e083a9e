import type { Instance } from '../../contracts/instance.js';
import type { EventHub } from '../../core/events/event-hub.js';
import { invalidFields } from '../../core/errors.js';
import type { Mutex } from '../../core/mutex.js';
import { positionsFor } from './domain/row-positions.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { InstanceRepository } from './instance.repository.js';
import type { Supervisor } from './supervisor/supervisor.js';

export interface RowOrderParts {
  registry: InstanceRegistry;
  repository: Pick<InstanceRepository, 'savePositions'>;
  hub: EventHub;
  /** The one under which instances come and go: an order names every one of them. */
  mutex: Mutex;
  view: (supervisor: Supervisor) => Instance;
}

/** Keeps the order of the rows, the same for everybody. The revision of the settings does not count it. */
export class RowOrder {
  constructor(private readonly parts: RowOrderParts) {}

  /**
   * Stores a whole order at once and tells everybody which rows have another place.
   * @throws AppError `invalid` for ids that are missing, unknown or named twice; nothing is changed then
   */
  arrange(ids: readonly number[]): Promise<void> {
    return this.parts.mutex.run(async () => {
      const { registry, repository, hub, view } = this.parts;
      this.check(ids);
      const rows = ids.map((id) => registry.get(id).row);
      const positions = positionsFor(rows);
      if (positions.size === 0) return;
      await repository.savePositions(positions);
      for (const row of rows) row.position = positions.get(row.id) ?? row.position;
      for (const id of positions.keys()) hub.publish('instance.updated', view(registry.get(id)));
    });
  }

  private check(ids: readonly number[]): void {
    const wanted = new Set(ids);
    const unknown = [...wanted].filter((id) => this.parts.registry.find(id) === null);
    const missing = this.parts.registry.all().filter(({ row }) => !wanted.has(row.id));
    if (unknown.length > 0) throw invalidFields({ ids: `There is no instance ${listOf(unknown)}.` });
    if (missing.length > 0) {
      const names = missing.map(({ row }) => row.name);
      throw invalidFields({ ids: `The order must name every instance; it lacks ${listOf(names)}.` });
    }
    if (wanted.size !== ids.length) throw invalidFields({ ids: 'The order names an instance twice.' });
  }
}

const MOST_NAMED = 5;

function listOf(items: readonly (string | number)[]): string {
  const rest = items.length - MOST_NAMED;
  const named = items.slice(0, MOST_NAMED).join(', ');
  return rest > 0 ? `${named} and ${rest} more` : named;
}
