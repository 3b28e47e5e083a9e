import { firstTarEntry } from '../domain/archive-name.js';

/** What an archive begins with tells what it is; so much of it is looked at. */
const LOOKED_AT_BYTES = 64 * 1024;
const TAR_HEADER_BYTES = 512;
const FIRST_ENTRY = 'aikore.json';

/** Why a file is no archive of AiKore's, as a sentence, so that nobody sends gigabytes in vain; null when it looks like one. */
export async function archiveFileProblem(file: Blob): Promise<string | null> {
  const name = await firstEntry(file);
  if (name === FIRST_ENTRY || name === `./${FIRST_ENTRY}`) return null;
  return name === null
    ? 'It is no archive: an export of AiKore ends in “.aikore.tar.gz” and is packed with gzip.'
    : 'It is packed, but it is no export of AiKore: what such an archive says of itself is missing at its beginning.';
}

/** Name of the first file inside; null when it is not packed, or cannot be read. */
async function firstEntry(file: Blob): Promise<string | null> {
  const unpacked = file.slice(0, LOOKED_AT_BYTES).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = unpacked.getReader();
  const header = new Uint8Array(TAR_HEADER_BYTES);
  let filled = 0;
  try {
    while (filled < TAR_HEADER_BYTES) {
      const { value, done } = await reader.read();
      if (done) return null;
      const part = value.subarray(0, TAR_HEADER_BYTES - filled);
      header.set(part, filled);
      filled += part.length;
    }
    await reader.cancel();
  } catch {
    // The piece ends in the middle of what is packed; what came before counts.
    if (filled < TAR_HEADER_BYTES) return null;
  }
  return firstTarEntry(header);
}
