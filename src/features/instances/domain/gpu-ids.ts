/** The longest mask; far more than any machine has. */
const MAX_GPUS = 64;

/**
 * Checks a GPU mask as `gpu_ids` holds it: `""` (none) or indexes joined by commas, without doubles, in the order that
 * the application shall see.
 * @returns a sentence that says what is wrong, or null
 */
export function gpuIdsProblem(gpuIds: string): string | null {
  if (gpuIds === '') return null;
  if (!/^\d{1,3}(,\d{1,3})*$/.test(gpuIds)) {
    return 'GPUs are given by their numbers, joined by commas, such as 0,1; empty for none, null for all.';
  }
  const indexes = gpuIds.split(',').map(Number);
  if (indexes.length > MAX_GPUS) return `At most ${MAX_GPUS} GPUs can be given.`;
  if (new Set(indexes).size < indexes.length) return 'A GPU is given twice.';
  return null;
}

/**
 * The indexes of a mask that this machine lacks; accepted all the same, for cards come and go. A mask that the original
 * AiKore has left may name cards otherwise, by UUID for instance: of those nothing is said.
 */
export function missingGpus(gpuIds: string | null, presentIndexes: readonly number[]): number[] {
  if (gpuIds === null || gpuIds === '') return [];
  return gpuIds
    .split(',')
    .filter((index) => /^\d+$/.test(index))
    .map(Number)
    .filter((index) => !presentIndexes.includes(index));
}
