/** What a request target means. Nothing in here decodes: paths and queries reach the application byte for byte. */
export type Target =
  | { kind: 'malformed' }
  /** `rest` begins with `/`, or, when the slash after the slug is missing, is empty or begins with `?`. */
  | { kind: 'instance'; slug: string; rest: string }
  /** AiKore's own file below the root: `/.aikore/<file>`. */
  | { kind: 'own'; file: string }
  | { kind: 'other'; path: string };

const INSTANCE = /^\/instance\/([a-z0-9-]{1,80})(?=$|[/?])/;
const OWN = /^\/\.aikore\/([^?]*)/;
const REFERER = /^https?:\/\/([^/?#]*)(\/[^?#]*)/i;

/**
 * Reads the target of the request line. Only the origin form (`/path?query`) is meant for a server; the absolute,
 * authority and asterisk forms are for proxies, and a fragment is never sent (RFC 9112, section 3.2).
 */
export function parseTarget(rawUrl: string): Target {
  if (!rawUrl.startsWith('/') || rawUrl.includes('#')) return { kind: 'malformed' };
  const instance = INSTANCE.exec(rawUrl);
  if (instance?.[1] !== undefined) {
    return { kind: 'instance', slug: instance[1], rest: rawUrl.slice(instance[0].length) };
  }
  const own = OWN.exec(rawUrl);
  if (own?.[1] !== undefined) return { kind: 'own', file: own[1] };
  return { kind: 'other', path: rawUrl };
}

/**
 * The slug of the application whose page sent this request, or null. Pages of applications ask for addresses from the
 * root; the Referer tells whose they are. A Referer of another host says nothing about our paths.
 */
export function slugOfReferer(referer: string | undefined, host: string): string | null {
  const parts = REFERER.exec(referer ?? '');
  if (parts?.[2] === undefined || parts[1]?.toLowerCase() !== host.toLowerCase()) return null;
  const page = INSTANCE.exec(parts[2]);
  return page?.[1] !== undefined && parts[2].length > page[0].length ? page[1] : null;
}
