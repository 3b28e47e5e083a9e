/** What an instance answers to beside its path, read from what the operator wrote. */
export interface CustomHostname {
  /** As it is stored: lower case but for the path of an address. */
  text: string;
  /** The name that `Host` has, without a port. */
  hostname: string;
  /** The port that was written, or null. */
  port: number | null;
  /** The address that was written, when it was one: the link, whatever stands between. */
  link: string | null;
}

export type CustomHostnameReading =
  | { ok: true; value: CustomHostname }
  /** One sentence for the operator; of hostile text it repeats nothing. */
  | { ok: false; problem: string };

/** Far longer than any address that a proxy needs. */
const MAX_LENGTH = 500;
const MAX_HOSTNAME_LENGTH = 253;

/** `name`, `name:port`, or `http(s)://name[:port][/path]`; no user, query or fragment. */
const SHAPE = /^(?:(https?):\/\/)?([^/:?#@]*)(?::([^/:?#@]*))?(\/.*)?$/i;
/** A label of a host name (RFC 1123, section 2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Browsers read such a name as an IPv4 address in another notation (URL standard, section 3.5). */
const ENDS_IN_A_NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;
const PORT = /^[1-9][0-9]{0,4}$/;
/** Segments of characters that mean nothing to a shell, a configuration file or a page. */
const PATH = /^(?:\/(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})*)*$/;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

const WHAT_IT_IS =
  'A hostname is a name such as comfy.home.lan, a name with a port, or the http or https address of a proxy.';

/**
 * Reads a custom hostname by a strict grammar: what passes is safe in a configuration file, a header and a page. It is
 * the only way by which one leaves the database.
 */
export function readCustomHostname(text: string): CustomHostnameReading {
  const match = text.length <= MAX_LENGTH ? SHAPE.exec(text) : null;
  if (match === null) return { ok: false, problem: WHAT_IT_IS };
  const [, scheme, name = '', portText, path] = match;
  const hostname = name.toLowerCase();
  const problem =
    hostnameProblem(hostname) ?? portProblem(portText) ?? pathProblem(path, scheme !== undefined);
  if (problem !== null) return { ok: false, problem };
  const host = portText === undefined ? hostname : `${hostname}:${portText}`;
  const link = scheme === undefined ? null : `${scheme.toLowerCase()}://${host}${path ?? '/'}`;
  const port = portText === undefined ? null : Number(portText);
  return { ok: true, value: { text: link ?? host, hostname, port, link } };
}

/** The name in what an instance may have as a hostname; null where that is none by today's rule. */
export function hostnameOf(text: string): string | null {
  const reading = readCustomHostname(text);
  return reading.ok ? reading.value.hostname : null;
}

function hostnameProblem(hostname: string): string | null {
  if (/[^\x00-\x7f]/.test(hostname)) return internationalProblem(hostname);
  if (hostname.startsWith('*')) return 'A wildcard stands for many names; an instance has one.';
  if (hostname.endsWith('.')) return 'Leave out the dot at the end of the name.';
  if (ENDS_IN_A_NUMBER.test(hostname) || hostname.startsWith('['))
    return 'An address is none: AiKore answers at its addresses already. Give a name.';
  if (hostname.length > MAX_HOSTNAME_LENGTH) return `A name has ${MAX_HOSTNAME_LENGTH} characters at most.`;
  if (!hostname.split('.').every((label) => LABEL.test(label))) return WHAT_IT_IS;
  // Labels that begin with xn-- must be what a browser would make of them.
  return canonical(hostname) === hostname ? null : 'Its part that begins with xn-- is no valid name.';
}

/** Says how the name is written where it counts, when it can be. */
function internationalProblem(hostname: string): string {
  const ascii = canonical(hostname);
  const isName = ascii !== null && ascii.split('.').every((label) => LABEL.test(label));
  return isName
    ? `Write the name as it crosses the network: ${ascii}.`
    : 'Write the name in ASCII, with parts that begin with xn-- for other letters.';
}

function canonical(hostname: string): string | null {
  const address = `http://${hostname}/`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}

function portProblem(text: string | undefined): string | null {
  if (text === undefined || (PORT.test(text) && Number(text) <= 65_535)) return null;
  return 'The port behind the name is a number from 1 to 65535.';
}

function pathProblem(path: string | undefined, isAddress: boolean): string | null {
  if (path === undefined) return null;
  if (!isAddress) return 'A path belongs to a whole address only; write http:// or https:// before it.';
  return PATH.test(path) && !DOT_SEGMENT.test(path)
    ? null
    : 'The path of the address may have letters, digits and - . _ ~ only.';
}
