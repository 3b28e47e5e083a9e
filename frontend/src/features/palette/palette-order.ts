import { fuzzyFilter } from '../../base/fuzzy.js';

interface Found {
  label: string;
  /** What it goes to, for a command that does nothing else. */
  place?: string;
}

/**
 * The commands that match, best first. Where the name of a place is typed, going there stands first: the key that confirms must
 * not stop what somebody only looks for.
 */
export function findCommands<T extends Found>(commands: readonly T[], query: string): T[] {
  const found = fuzzyFilter(commands, query, ({ label }) => label);
  const name = query.trim().toLowerCase();
  if (name === '') return found;
  const isPlace = ({ place }: T): boolean => place?.toLowerCase().includes(name) === true;
  return [...found.filter(isPlace), ...found.filter((command) => !isPlace(command))];
}
