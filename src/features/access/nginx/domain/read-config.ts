/** The generation that a configuration of ours names, or null. */
export function generationIn(text: string): string | null {
  return /^\s*return 200 ([0-9a-z]{1,64});$/m.exec(text)?.[1] ?? null;
}

/** The applications' port in a configuration of ours; 0 where there is none. */
export function portIn(text: string): number {
  return doorsIn(text).get('shared') ?? 0;
}

/** The address that a configuration of ours listens on, or null. */
export function addressIn(text: string): string | null {
  const address = /^ {4}listen "?(?!unix:)\[?([0-9A-Fa-f.:]+)\]?:\d+"?[^\n]*;$/m.exec(text)?.[1];
  return address ?? null;
}

/** The published ports in a configuration of ours. */
export function publicPortsIn(text: string): number[] {
  return [...doorsIn(text)].filter(([entry]) => entry !== 'shared').map(([, port]) => port);
}

/** A server's `listen` stands two lines before the door that it is. */
function doorsIn(text: string): Map<string, number> {
  const servers = text.matchAll(
    /^ {4}listen \S*:(\d+)[^\n]*;\n {4}server_name [^\n]*;\n {4}set \$aikore_entry ([a-z0-9:]+);$/gm,
  );
  return new Map([...servers].map(([, port, entry]) => [entry ?? '', Number(port)]));
}
