import type { Instance } from '../../contracts/instance.js';
import { droppedNote } from './dropped-note.js';
import { missingGpus } from './domain/gpu-ids.js';
import type { Supervisor } from './supervisor/supervisor.js';

/**
 * An instance as the wire has it. `url` is path-absolute here; whoever hands it to a browser puts the applications'
 * origin before it as that browser sees it.
 */
export function viewInstance(
  supervisor: Supervisor,
  gpuIndexes: readonly number[],
  droppedBytes = 0,
): Instance {
  const { revision: _revision, restart_times: _times, ...columns } = supervisor.row;
  return {
    ...columns,
    url: `/instance/${columns.slug}/`,
    phase: supervisor.phase,
    warnings: [...warningsOf(columns.gpu_ids, gpuIndexes), ...lossOf(supervisor, droppedBytes)],
  };
}

function warningsOf(gpuIds: string | null, present: readonly number[]): string[] {
  const missing = missingGpus(gpuIds, present);
  if (missing.length === 0) return [];
  const subject = missing.length === 1 ? `GPU ${missing.join()} is` : `GPUs ${missing.join(', ')} are`;
  return [`${subject} not in this machine now.`];
}

function lossOf(supervisor: Supervisor, droppedBytes: number): string[] {
  const note = supervisor.isActive ? droppedNote(droppedBytes) : '';
  return note === '' ? [] : [note];
}
