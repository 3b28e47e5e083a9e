import { AppError } from '../../core/errors.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { Supervisor } from './supervisor/supervisor.js';

/**
 * Whose files an instance uses: a satellite its parent's, everybody else their own. Who use the same files are a family.
 */
export class FilesOwners {
  constructor(private readonly registry: InstanceRegistry) {}

  /** The instance itself where its parent is gone. */
  of(row: InstanceEntity): InstanceEntity {
    const seen = new Set<number>();
    let owner = row;
    // Rows of the original AiKore may be satellites of satellites; a ring, which only a broken database has, ends too.
    for (let parent: InstanceEntity | null = owner; parent !== null && !seen.has(parent.id);) {
      owner = parent;
      seen.add(owner.id);
      parent = this.parentOf(owner);
    }
    return owner;
  }

  /** All that use the files of an owner: the owner first, then its satellites by their ids. */
  family(owner: InstanceEntity): Supervisor[] {
    const members = this.registry.all().filter(({ row }) => this.of(row).id === owner.id);
    const place = ({ row }: Supervisor): number => (row.id === owner.id ? 0 : row.id);
    return members.sort((one, other) => place(one) - place(other));
  }

  /** Those who use the files of an instance that is none itself. */
  satellitesOf(row: InstanceEntity): Supervisor[] {
    return this.family(row).filter((member) => member.row.id !== row.id);
  }

  /** Those whose parent is this very instance. */
  childrenOf({ id }: InstanceEntity): InstanceEntity[] {
    return this.registry.all().flatMap(({ row }) => (row.parent_instance_id === id ? [row] : []));
  }

  /**
   * @param deed such as "rebuilding the environment of"
   * @throws AppError `conflict` that names the others that work with the same files
   */
  requireAlone(row: InstanceEntity, deed: string): void {
    const family = this.family(this.of(row));
    const busy = family.filter((other) => other.row.id !== row.id && other.isActive);
    if (busy.length > 0) throw inUse(row, busy, deed);
  }

  private parentOf({ parent_instance_id: id }: InstanceEntity): InstanceEntity | null {
    return id === null ? null : (this.registry.find(id)?.row ?? null);
  }
}

function inUse({ name }: InstanceEntity, busy: readonly Supervisor[], deed: string): AppError {
  const names = busy.map(({ row }) => `${row.name} (${row.status})`).join(', ');
  const [use, them] = busy.length === 1 ? ['uses', 'it'] : ['use', 'them'];
  return new AppError(
    'conflict',
    'SHARED_FILES_IN_USE',
    `${names} ${use} the same files now. Stop ${them} before ${deed} ${name}.`,
    { instances: busy.map(({ row }) => ({ id: row.id, name: row.name })) },
  );
}
