import { BlockList, isIPv4 } from 'node:net';
import { normalAddress } from './address.js';

const BITS = { ipv4: 32, ipv6: 128 } as const;
/** The network in which IPv6 writes IPv4 addresses. */
const MAPPED_BITS = 96;

/** Each request asks about its peer, and a connection has many. */
const MAX_ANSWERS = 1024;

type Family = keyof typeof BITS;

interface Network {
  address: string;
  family: Family;
  bits: number;
}

/** A set of IP addresses, given as addresses and networks. */
export class Networks {
  readonly #list = new BlockList();
  readonly #isEmpty: boolean;
  readonly #answers = new Map<string, boolean>();

  /**
   * @param texts addresses (`192.0.2.7`, `fd00::1`) and networks (`172.16.0.0/12`)
   * @throws TypeError for what is neither, and for a network of all addresses
   */
  constructor(texts: readonly string[] = []) {
    this.#isEmpty = texts.length === 0;
    for (const text of texts) {
      const network = parseNetwork(text);
      if (network === null) throw new TypeError(`not an address or a network: ${text}`);
      this.#list.addSubnet(network.address, network.bits, network.family);
    }
  }

  /** @param address any spelling; what is no address is in no network */
  has(address: string): boolean {
    if (this.#isEmpty) return false;
    const known = this.#answers.get(address);
    if (known !== undefined) return known;
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    const isIn = this.#find(address);
    this.#answers.set(address, isIn);
    return isIn;
  }

  #find(address: string): boolean {
    const normal = normalAddress(address);
    return normal !== null && this.#list.check(normal, familyOf(normal));
  }
}

/** Whether a text is an address or a network that {@link Networks} takes. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== null;
}

function parseNetwork(text: string): Network | null {
  const [, given = '', bitsText] = /^([0-9A-Fa-f:.]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = normalAddress(given);
  if (address === null) return null;
  const family = familyOf(address);
  // A mapped address is counted in the bits of IPv6.
  const shift = family === 'ipv4' && !isIPv4(given) ? MAPPED_BITS : 0;
  const bits = bitsText === undefined ? BITS[family] : Number(bitsText) - shift;
  return bits >= 1 && bits <= BITS[family] ? { address, family, bits } : null;
}

function familyOf(address: string): Family {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
