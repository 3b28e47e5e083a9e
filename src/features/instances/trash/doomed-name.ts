import { randomUUID } from 'node:crypto';

/** Folders with this beginning are being deleted; they are not entries, and are swept at the next boot. */
export const DOOMED_PREFIX = '.deleting-';

const UNKNOWN = 'A deleted instance';
/** A file's name has 255 bytes at most, and each character may take twelve. */
const MAX_NAME_LENGTH = 14;
const MAX_PLAIN_LENGTH = 150;

/** Name of the folder that is being deleted, with what it was called, so that the next start knows as well. */
export function doomedName(name: string): string {
  const isPlain = /^[\w .-]*$/.test(name);
  const cut = Array.from(name).slice(0, isPlain ? MAX_PLAIN_LENGTH : MAX_NAME_LENGTH);
  return `${DOOMED_PREFIX}${randomUUID()}~${encodeURIComponent(cut.join(''))}`;
}

/** What a folder that is being deleted was called. */
export function nameOfDoomed(folderName: string): string {
  const encoded = /~(.+)$/.exec(folderName)?.[1];
  if (encoded === undefined) return UNKNOWN;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return UNKNOWN;
  }
}
