import type { Gpu } from '../../../src/contracts/system.js';

/** What an instance is given: every GPU, none, or exactly these in this order. */
export type GpuChoice = { kind: 'all' } | { kind: 'none' } | { kind: 'chosen'; indices: number[] };

/** Reads `gpu_ids` of the wire. */
export function parseGpuIds(gpuIds: string | null): GpuChoice {
  if (gpuIds === null) return { kind: 'all' };
  const indices = gpuIds
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number)
    .filter((index) => Number.isInteger(index) && index >= 0);
  return indices.length === 0 ? { kind: 'none' } : { kind: 'chosen', indices };
}

/** Writes `gpu_ids` of the wire. Nothing chosen is none. */
export function formatGpuIds(choice: GpuChoice): string | null {
  if (choice.kind === 'all') return null;
  return choice.kind === 'none' ? '' : choice.indices.join(',');
}

/** The short word of the table. */
export function gpuLabel(gpuIds: string | null): string {
  const choice = parseGpuIds(gpuIds);
  if (choice.kind === 'chosen') return asRanges(choice.indices);
  return choice.kind === 'all' ? 'all' : 'CPU';
}

const SHORTEST_RANGE = 3;

/** `0–3, 6`: a column has room for few figures. The order is kept, for it is that of the mask. */
function asRanges(indices: readonly number[]): string {
  const runs: number[][] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run && run.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  return runs
    .map((run) => (run.length < SHORTEST_RANGE ? run.join(', ') : `${String(run[0])}–${String(run.at(-1))}`))
    .join(', ');
}

/** The card with most free memory among those that an instance can be given; null without one that tells. */
export function emptiestGpu(gpus: readonly Gpu[]): Gpu | null {
  let best: { gpu: Gpu; freeBytes: number } | null = null;
  for (const gpu of gpus) {
    if (!gpu.is_selectable || gpu.memory_used_bytes === null) continue;
    const freeBytes = gpu.memory_total_bytes - gpu.memory_used_bytes;
    if (best === null || freeBytes > best.freeBytes) best = { gpu, freeBytes };
  }
  return best?.gpu ?? null;
}
