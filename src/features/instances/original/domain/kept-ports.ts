const FIRST_PORT = 1024;
const LAST_PORT = 65_535;

/** What decides over ports. */
export interface PortRules {
  /** Published for desktops and port-mode instances; nobody's own port. */
  publishedRange: { first: number; last: number };
  /** Ports that AiKore listens on. */
  ownPorts: readonly number[];
}

interface WithPorts {
  id: number;
  port: number | null;
  persistent_port: number | null;
  persistent_display: number | null;
}

/** Rows whose application keeps its port: one that it may have, and that no older row has. */
export function keepPorts(rows: readonly WithPorts[], rules: PortRules): Map<number, number> {
  const mayKeep = (port: number): boolean =>
    port >= FIRST_PORT && port <= LAST_PORT && !isPublished(port, rules) && !rules.ownPorts.includes(port);
  return keepFirst(rows, (row) => row.port, mayKeep);
}

/** Rows whose desktop keeps its port. */
export function keepPersistentPorts(rows: readonly WithPorts[], rules: PortRules): Map<number, number> {
  return keepFirst(
    rows,
    (row) => row.persistent_port,
    (port) => isPublished(port, rules),
  );
}

/** Rows that keep the number of their display. */
export function keepDisplays(rows: readonly WithPorts[]): Map<number, number> {
  return keepFirst(
    rows,
    (row) => row.persistent_display,
    (display) => display >= 0,
  );
}

function keepFirst(
  rows: readonly WithPorts[],
  valueOf: (row: WithPorts) => number | null,
  mayKeep: (value: number) => boolean,
): Map<number, number> {
  const taken = new Set<number>();
  const kept = new Map<number, number>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null || taken.has(value) || !mayKeep(value)) continue;
    taken.add(value);
    kept.set(row.id, value);
  }
  return kept;
}

function isPublished(port: number, { publishedRange }: PortRules): boolean {
  return port >= publishedRange.first && port <= publishedRange.last;
}
