import { describeBytes } from '../../core/disk/disk-state.js';

/** What there is to say of output that the runner could not write; empty when there is none. */
export function droppedNote(droppedBytes: number): string {
  if (droppedBytes === 0) return '';
  const verb = droppedBytes === 1 ? 'was' : 'were';
  const amount = droppedBytes === 1 ? '1 byte' : describeBytes(droppedBytes);
  return `${amount} of its output ${verb} dropped, because the disk did not take them; the log says where.`;
}
