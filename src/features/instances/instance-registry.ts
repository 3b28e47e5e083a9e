import { nameKey } from './domain/instance-name.js';
import type { InstanceEntity } from './instance.entity.js';
import { noSuchInstance } from './supervisor/sentences.js';
import type { Supervisor } from './supervisor/supervisor.js';

/** All instances in memory, with their supervisors; what lists and routes are answered from. */
export class InstanceRegistry {
  private readonly supervisors = new Map<number, Supervisor>();
  private readonly bySlug = new Map<string, Supervisor>();
  /** Names of instances that are being made. */
  private readonly reserved = new Set<string>();

  add(supervisor: Supervisor): void {
    this.supervisors.set(supervisor.row.id, supervisor);
    this.bySlug.set(supervisor.row.slug, supervisor);
  }

  remove(id: number): void {
    const supervisor = this.supervisors.get(id);
    if (supervisor === undefined) return;
    this.supervisors.delete(id);
    this.bySlug.delete(supervisor.row.slug);
  }

  /** @throws AppError `not_found` */
  get(id: number): Supervisor {
    const supervisor = this.supervisors.get(id);
    if (supervisor === undefined) throw noSuchInstance(id);
    return supervisor;
  }

  find(id: number): Supervisor | null {
    return this.supervisors.get(id) ?? null;
  }

  findBySlug(slug: string): Supervisor | null {
    return this.bySlug.get(slug) ?? null;
  }

  findByName(name: string): Supervisor | null {
    const key = nameKey(name);
    return this.all().find((supervisor) => nameKey(supervisor.row.name) === key) ?? null;
  }

  /** Keeps a name for an instance that takes long to make. @returns gives it up, or was it put to use */
  reserve(name: string): () => void {
    const key = nameKey(name);
    this.reserved.add(key);
    return () => void this.reserved.delete(key);
  }

  isReserved(name: string): boolean {
    return this.reserved.has(nameKey(name));
  }

  /** In the order of the rows. */
  all(): Supervisor[] {
    return [...this.supervisors.values()].sort(
      (a, b) => a.row.position - b.row.position || a.row.id - b.row.id,
    );
  }

  *rows(): Iterable<InstanceEntity> {
    for (const supervisor of this.supervisors.values()) yield supervisor.row;
  }
}
