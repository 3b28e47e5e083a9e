/** Addresses other than loopback that are listened on, by port. */
export type FindExposed = () => ReadonlyMap<number, string[]>;

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
/** Instances that become ready together are looked at together. */
const GATHER_MS = 200;

/**
 * Applications that listen where others can reach them without AiKore's sign-in (contract, section 3). Known from when an
 * application became ready until its run ends.
 */
export class Exposure {
  private readonly warnings = new Map<number, string>();
  /** Ports that are to be looked at, by instance. */
  private readonly waiting = new Map<number, number>();

  /** @param onChange is told of an instance of which something else is known now */
  constructor(
    private readonly findExposed: FindExposed,
    private readonly onChange: (id: number) => void,
  ) {}

  /** Looks soon. */
  look(id: number, port: number): void {
    if (this.waiting.size === 0) setTimeout(() => this.lookAtAll(), GATHER_MS).unref();
    this.waiting.set(id, port);
  }

  forget(id: number): void {
    this.waiting.delete(id);
    if (this.warnings.delete(id)) this.onChange(id);
  }

  private lookAtAll(): void {
    const exposed = this.waiting.size === 0 ? new Map<number, string[]>() : this.findExposed();
    for (const [id, port] of this.waiting) {
      const addresses = exposed.get(port) ?? [];
      const before = this.warnings.get(id);
      if (addresses.length === 0) this.warnings.delete(id);
      else this.warnings.set(id, sentenceOf(addresses, port));
      if (this.warnings.get(id) !== before) this.onChange(id);
    }
    this.waiting.clear();
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
