import type { InstanceFigures } from '../../../src/contracts/system.js';

/** What the list of consumers is ordered by. */
export const RESOURCES = ['memory', 'vram', 'cpu'] as const;
export type Resource = (typeof RESOURCES)[number];

export function isResource(value: unknown): value is Resource {
  return RESOURCES.includes(value as Resource);
}

/** How much of a resource an instance takes; null: not known. CPU: 100 is one core. */
export function amountOf(figures: InstanceFigures, resource: Resource): number | null {
  if (resource === 'cpu') return figures.cpu_percent;
  return resource === 'vram' ? figures.vram_bytes : figures.memory_bytes;
}

/** Most first; of equals the one that came first, so that nothing trades places in vain. */
export function consumersOf(figures: readonly InstanceFigures[], resource: Resource): InstanceFigures[] {
  return [...figures].sort(
    (a, b) => (amountOf(b, resource) ?? -1) - (amountOf(a, resource) ?? -1) || a.id - b.id,
  );
}

/** 0–1 of a whole; 0 where the whole is not known. */
export function shareOf(amount: number | null, whole: number): number {
  return amount === null || whole <= 0 ? 0 : Math.min(1, Math.max(0, amount / whole));
}
