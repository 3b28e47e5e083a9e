import { existsSync } from 'node:fs';
import type { Gpu } from '../../contracts/system.js';
import type { GpuProcess } from '../../host/gpu/gpu-source.js';
import { GpuHolders, hasHostPids } from '../../host/gpu/pid-visibility.js';

/** What a card may hold while nobody computes on it: the driver's own, some hundred MiB on the largest ones. */
const IDLE_CARD_BYTES = 640 * 1024 * 1024;

/** How this process sees pids; tests have others. */
export interface PidView {
  hasHostPids(): boolean;
  exists(pid: number): boolean;
  /** Those of the pids that have a card open. */
  gpuHolders(pids: readonly number[]): Promise<ReadonlySet<number>>;
}

const holders = new GpuHolders();

export const ownPidView: PidView = {
  hasHostPids,
  exists: (pid) => existsSync(`/proc/${pid}`),
  gpuHolders: (pids) => holders.among(pids),
};

/**
 * The driver's list as far as its pids mean something here.
 * @returns null when they do not: in a container the list is empty although memory is in use, or names the machine's
 *   pids, or tells no sizes (WSL)
 */
export async function visibleProcesses(
  gpus: readonly Gpu[],
  listed: readonly GpuProcess[] | null,
  view: PidView = ownPidView,
): Promise<GpuProcess[] | null> {
  if (listed === null) return null;
  if (listed.length > 0 && listed.every(({ memoryBytes }) => memoryBytes === null)) return null;
  if (view.hasHostPids()) return [...listed];
  const here = listed.map(({ pid }) => pid).filter((pid) => view.exists(pid));
  const meant = await view.gpuHolders(here);
  const own = listed.filter(({ pid }) => meant.has(pid));
  if (own.length > 0) return own;
  const isIdle = gpus.every(
    (gpu) => gpu.memory_used_bytes !== null && gpu.memory_used_bytes < IDLE_CARD_BYTES,
  );
  return isIdle && listed.length === 0 ? [] : null;
}
