import type { Instance } from '../../contracts/instance.js';
import { missingGpus } from './domain/gpu-ids.js';
import { pinsOf } from './domain/pins.js';
import type { InstanceEntity } from './instance.entity.js';
import type { Supervisor } from './supervisor/supervisor.js';

/**
 * An instance as the wire has it. The addresses are path-absolute or absent here; whoever hands them to a
 * browser makes them what that browser can follow.
 * @param owner whose files it works with; what those are made of is decided there
 * @param notes further warnings, in sentences
 */
export function viewInstance(
  supervisor: Supervisor,
  owner: InstanceEntity,
  gpuIndexes: readonly number[],
  notes: readonly string[],
): Instance {
  const { revision: _revision, restart_times: _times, script_origin: _origin, ...columns } = supervisor.row;
  return {
    ...columns,
    ...pinsOf(owner),
    url: `/instance/${columns.slug}/`,
    desktop_url: null,
    phase: supervisor.phase,
    warnings: [...warningsOf(columns.gpu_ids, gpuIndexes), ...notes],
  };
}

function warningsOf(gpuIds: string | null, present: readonly number[]): string[] {
  const missing = missingGpus(gpuIds, present);
  if (missing.length === 0) return [];
  const subject = missing.length === 1 ? `GPU ${missing.join()} is` : `GPUs ${missing.join(', ')} are`;
  return [`${subject} not in this machine now.`];
}
