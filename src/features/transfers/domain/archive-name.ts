const MAX_LENGTH = 180;
const PATTERN = /^[A-Za-z0-9][A-Za-z0-9 _.()+-]*\.(gz|tgz)$/;

/** The ending of what AiKore makes itself. */
export const ARCHIVE_ENDING = '.aikore.tar.gz';

export const ARCHIVE_NAME_RULE =
  'An archive is named like "Comfy-20260131-120000.aikore.tar.gz": up to 180 letters, digits, spaces and the signs _ - . + ( ) before ".gz", beginning with a letter or digit.';

/** Whether a file in the folder of archives may have that name: one path segment that begins with no dot. */
export function isArchiveName(name: string): boolean {
  return name.length <= MAX_LENGTH && PATTERN.test(name);
}

/** The name of an instance's archive. @param number tells apart those of the same second; 1 is not written */
export function archiveNameFor(instance: string, at: Date, number: number): string {
  const stamp = at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  // A name that came from the original AiKore may hold what a file's name here may not.
  const name = instance.replace(/[^A-Za-z0-9 _.-]/g, '_').replace(/^[^A-Za-z0-9]+/, '') || 'instance';
  return `${name}-${stamp}${number > 1 ? `-${number}` : ''}${ARCHIVE_ENDING}`;
}
