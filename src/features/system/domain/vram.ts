import type { Gpu, VramSource } from '../../../contracts/system.js';

/** What one instance has to do with the cards. */
export interface VramClaim {
  id: number;
  /** `gpu_ids` as the instance was started with. */
  gpuIds: string | null;
  pids: ReadonlySet<number>;
}

export interface VramFacts {
  gpus: readonly Gpu[];
  /** Who holds memory, with pids that mean something here; null when that cannot be told. */
  processes: readonly { pid: number; memoryBytes: number | null }[] | null;
}

export interface VramShares {
  source: VramSource;
  bytesOf: ReadonlyMap<number, number | null>;
}

/**
 * Says how much memory of the cards each instance holds: what the driver says of its processes, or else what the cards
 * of its mask hold altogether, whoever holds it.
 */
export function shareVram({ gpus, processes }: VramFacts, claims: readonly VramClaim[]): VramShares {
  if (gpus.length === 0) return { source: 'none', bytesOf: all(claims, () => null) };
  if (processes !== null)
    return { source: 'processes', bytesOf: all(claims, ({ pids }) => heldBy(pids, processes)) };
  const isKnown = gpus.some((gpu) => gpu.memory_used_bytes !== null);
  return { source: isKnown ? 'mask' : 'none', bytesOf: all(claims, ({ gpuIds }) => usedOn(gpus, gpuIds)) };
}

function all(claims: readonly VramClaim[], bytes: (claim: VramClaim) => number | null) {
  return new Map(claims.map((claim) => [claim.id, bytes(claim)]));
}

/** null when the driver does not tell of one of them: a part would look like the whole. */
function heldBy(pids: ReadonlySet<number>, processes: NonNullable<VramFacts['processes']>): number | null {
  const own = processes.filter(({ pid }) => pids.has(pid));
  if (own.some(({ memoryBytes }) => memoryBytes === null)) return null;
  return own.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
}

function usedOn(gpus: readonly Gpu[], gpuIds: string | null): number | null {
  const wanted = gpuIds === null ? null : new Set(gpuIds.split(',').map(Number));
  if (gpuIds === '') return 0;
  const cards = gpus.filter(({ index, is_selectable }) => is_selectable && (wanted?.has(index) ?? true));
  if (cards.some((gpu) => gpu.memory_used_bytes === null)) return null;
  return cards.reduce((sum, gpu) => sum + (gpu.memory_used_bytes ?? 0), 0);
}
