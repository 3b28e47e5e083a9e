import { MAX_NAME_LENGTH, nameKey } from '../../domain/instance-name.js';

/** The longest name of a folder that Linux file systems have, in bytes. */
const MAX_FOLDER_BYTES = 255;

/** Room for what is put behind a name that is taken. */
const SUFFIX_LENGTH = 6;

/** A name, and the one that the original used where that is another. */
export interface KeptName {
  name: string;
  /** Null when nothing was changed. */
  formerName: string | null;
}

/**
 * Gives every row a name that can be a folder and that no other has, whatever their case. A name that can stay, stays,
 * though today's rule would not accept it; of two that are the same but for their case the older row keeps its.
 * @param rows in the order of their ids
 * @param isFree whether a new name may be given to the row of an old one
 */
export function keepNames(
  rows: readonly { id: number; name: string }[],
  isFree: (name: string, formerName: string) => boolean,
): Map<number, KeptName> {
  const taken = new Set<string>();
  const kept = new Map<number, KeptName>();
  const others: { id: number; name: string }[] = [];
  for (const row of rows) {
    if (!canBeFolder(row.name) || taken.has(nameKey(row.name))) {
      others.push(row);
      continue;
    }
    taken.add(nameKey(row.name));
    kept.set(row.id, { name: row.name, formerName: null });
  }
  for (const { id, name: formerName } of others) {
    const base = folderLike(formerName) || `instance-${id}`;
    let name = base;
    for (let number = 2; taken.has(nameKey(name)) || !isFree(name, formerName); number += 1)
      name = `${base}-${number}`;
    taken.add(nameKey(name));
    kept.set(id, { name, formerName });
  }
  return kept;
}

/** Names that begin with a dot are AiKore's own in the trash can. */
function canBeFolder(name: string): boolean {
  if (name === '' || name.startsWith('.') || /[/\0]/.test(name)) return false;
  return new TextEncoder().encode(name).length <= MAX_FOLDER_BYTES;
}

function folderLike(name: string): string {
  return trimmed(trimmed(name.replace(/[^A-Za-z0-9 _.-]+/g, '-')).slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH));
}

function trimmed(name: string): string {
  return name.replace(/^[ .-]+|[ .-]+$/g, '');
}
