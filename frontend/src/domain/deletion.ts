import type { Deletion } from '../../../src/contracts/trash.js';
import { formatBytes } from '../base/format.js';

const PHASES: Record<Deletion['phase'], string> = {
  waiting: 'Waiting for the deletion before',
  counting: 'Counting its files',
  deleting: 'Deleting',
  failed: 'Not everything could be deleted; the next start of AiKore tries again',
};

/** What a progress bar shows of a deletion. */
export function deletionProgress(deletion: Deletion): {
  phase: string;
  fraction: number | null;
  note: string;
} {
  const { phase, total_bytes: total, removed_bytes: removed, removed_files: files } = deletion;
  const isKnown = phase === 'deleting' && total !== null && total > 0;
  const note =
    files === 0
      ? ''
      : isKnown
        ? `${formatBytes(Math.min(removed, total))} of ${formatBytes(total)}`
        : `${formatBytes(removed)}, ${files.toLocaleString('en')} files`;
  return { phase: PHASES[phase], fraction: isKnown ? removed / total : null, note };
}

/** Of all that is going on, 0 to 1; null while it cannot be told. */
export function deletionsFraction(deletions: readonly Deletion[]): number | null {
  const present = deletions.filter(({ phase }) => phase !== 'failed');
  if (present.length === 0 || present.some(({ total_bytes: total }) => total === null)) return null;
  const total = present.reduce((sum, { total_bytes: bytes }) => sum + (bytes ?? 0), 0);
  const removed = present.reduce((sum, { removed_bytes: bytes }) => sum + bytes, 0);
  return total === 0 ? null : Math.min(1, removed / total);
}
