import type { Instance } from '../../../../src/contracts/instance.js';
import type { Gpu } from '../../../../src/contracts/system.js';
import { emptiestGpu } from '../../domain/gpu.js';
import { GpuField } from '../../ui/gpu-field.js';
import { openOneValueDialog } from './one-value-dialog.js';

/** Asks for other GPUs; the one with most free memory is proposed. */
export function openGpuDialog(
  instance: Instance,
  gpus: readonly Gpu[],
  apply: (gpuIds: string | null) => Promise<void>,
): void {
  const proposed = emptiestGpu(gpus);
  const choice = new GpuField(gpus, proposed === null ? instance.gpu_ids : String(proposed.index));
  openOneValueDialog({
    title: `Choose other GPUs for ${instance.name}`,
    testId: 'gpu-dialog',
    lead: 'The one with the most free memory is chosen. It is started again with your choice.',
    field: choice.field,
    submitLabel: 'Save and start',
    problem: () => null,
    apply: () => apply(choice.value),
  });
}
