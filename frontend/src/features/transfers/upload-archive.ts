import { formatBytes } from '../../base/format.js';
import { freeArchiveName } from '../../domain/archive-name.js';
import { archiveFileProblem } from '../../net/archive-file.js';
import type { TransferHost } from './transfer-host.js';

/**
 * Sends a file to the archives, if it looks like one and there is room.
 * @returns what it is called there; null when it was not sent, which the list of uploads explains
 */
export async function uploadArchive(
  { uploads, system }: Pick<TransferHost, 'uploads' | 'system'>,
  file: File,
  taken: readonly string[],
): Promise<string | null> {
  const problem =
    (await archiveFileProblem(file)) ?? roomProblem(file.size, system.stats.value?.disk_free_bytes);
  if (problem !== null) {
    uploads.refuse(file.name, file.size, problem);
    return null;
  }
  const name = freeArchiveName(file.name, [...taken, ...uploads.list.value.map((upload) => upload.file)]);
  const leaving = (event: BeforeUnloadEvent) => event.preventDefault();
  window.addEventListener('beforeunload', leaving);
  try {
    return (await uploads.send(file, name)) ? name : null;
  } finally {
    window.removeEventListener('beforeunload', leaving);
  }
}

function roomProblem(bytes: number, freeBytes: number | undefined): string | null {
  if (freeBytes === undefined || bytes < freeBytes) return null;
  return `It has ${formatBytes(bytes)}, and ${formatBytes(freeBytes)} are free on the server's disk. Make room first.`;
}
