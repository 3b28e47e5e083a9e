const ENDING = '.aikore.tar.gz';
/** The server takes 180 characters with ending and number. */
const LONGEST = 160;

/** What an uploaded archive is called on the server: its own name, without what such a name must not have. */
export function archiveName(fileName: string): string {
  const stem = fileName.replace(/(\.aikore)?(\.tar\.gz|\.tgz|\.gz|\.tar)$/i, '').replace(/\.aikore$/i, '');
  const clean = stem
    .replace(/[^A-Za-z0-9 _.()+-]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/\.{2,}/g, '.')
    .slice(0, LONGEST)
    .replace(/^[^A-Za-z0-9]+|[ .-]+$/g, '');
  return `${clean === '' ? 'archive' : clean}${ENDING}`;
}

/** The same with a number, where there is one of that name. */
export function freeArchiveName(fileName: string, taken: Iterable<string>): string {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  const wanted = archiveName(fileName);
  const stem = wanted.slice(0, -ENDING.length);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${stem} ${String(number)}${ENDING}`;
    if (!names.has(name.toLowerCase())) return name;
  }
}

/** Name of the first file in a tar (POSIX.1-1988, the first 100 bytes of its header); empty where it has none. */
export function firstTarEntry(header: Uint8Array): string {
  const end = header.indexOf(0);
  return new TextDecoder().decode(header.subarray(0, end === -1 || end > 100 ? 100 : end));
}
