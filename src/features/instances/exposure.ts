/** Finds the addresses other than loopback on which a port is listened on. */
export type FindExposed = (port: number) => string[];

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Applications that listen where others can reach them without AiKore's sign-in (contract, section 3). Known from when an
 * application became ready until its run ends.
 */
export class Exposure {
  private readonly warnings = new Map<number, string>();

  constructor(private readonly findExposed: FindExposed) {}

  /** @returns whether what is known has changed */
  look(id: number, port: number): boolean {
    const addresses = this.findExposed(port);
    const before = this.warnings.get(id);
    if (addresses.length === 0) this.warnings.delete(id);
    else this.warnings.set(id, sentenceOf(addresses, port));
    return this.warnings.get(id) !== before;
  }

  forget(id: number): boolean {
    return this.warnings.delete(id);
  }

  warningsOf(id: number): string[] {
    const warning = this.warnings.get(id);
    return warning === undefined ? [] : [warning];
  }
}

function sentenceOf(addresses: readonly string[], port: number): string {
  const where = addresses.some((address) => ALL_ADDRESSES.has(address))
    ? 'all addresses of this machine'
    : [...new Set(addresses)].join(', ');
  return `It listens on ${where}, port ${port}: whoever reaches this machine can use it there without signing in to AiKore. Start it on 127.0.0.1 only; most applications take --listen, --host or --server-name 127.0.0.1.`;
}
