/** Name of the session's cookie over plain HTTP. */
export const SESSION_COOKIE = 'aikore_session';
/**
 * Its name over HTTPS. Browsers accept this prefix only with Secure, Path=/ and without Domain, so that no other host
 * of the domain can plant one (RFC 6265bis, section 4.1.3.2).
 */
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;

const OWN_PREFIXES = ['aikore_', '__Host-aikore_'];

/** Whether a cookie is AiKore's, to be kept from every application. */
export function isOwnCookieName(name: string): boolean {
  return OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** What stands before the first `=`; all of it where there is none. */
function nameOf(pair: string): string {
  const end = pair.indexOf('=');
  return trimmed(end === -1 ? pair : pair.slice(0, end));
}

/** More than browsers keep for a host (180), so that a page cannot lock anybody out by planting many. */
const MAX_CANDIDATES = 200;

/** The different values of a cookie in a `Cookie` header, in order; none where there are too many to be a browser's. */
export function readCookies(header: string | undefined, name: string): string[] {
  const values = new Set<string>();
  for (const pair of (header ?? '').split(';')) {
    if (!pair.includes('=') || nameOf(pair) !== name) continue;
    values.add(trimmed(pair.slice(pair.indexOf('=') + 1)));
    if (values.size > MAX_CANDIDATES) return [];
  }
  return [...values];
}

/**
 * What may be the session's token in a `Cookie` header, in two groups; the one whose cookies nobody else can plant goes
 * first. Pages of the same host on another port, and of names below one domain, can plant more cookies of the same name,
 * and the header does not tell which is which: only looking them up does.
 */
export function sessionCandidates(header: string | undefined): string[][] {
  return [SECURE_SESSION_COOKIE, SESSION_COOKIE].map((name) => readCookies(header, name));
}

/** The header without AiKore's cookies, the others byte for byte; undefined when nothing is left. */
export function removeOwnCookies(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const pairs = header.split(';');
  const others = pairs.filter((pair) => !isOwnCookieName(nameOf(pair)));
  if (others.length === pairs.length) return header;
  const rest = others.join(';').replace(/^[ \t]+/, '');
  return rest === '' ? undefined : rest;
}

/**
 * A `Set-Cookie` header for a session.
 * @param token characters of base64url only; empty, with `maxAgeSeconds` 0, to remove the cookie.
 * @param options.isSecure the browser sees HTTPS.
 */
export function serializeSessionCookie(
  token: string,
  options: { isSecure: boolean; maxAgeSeconds: number },
): string {
  if (!/^[A-Za-z0-9_-]*$/.test(token)) throw new TypeError('a session token holds base64url characters only');
  const name = options.isSecure ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
  const attributes = `Path=/; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  return `${name}=${token}; ${attributes}${options.isSecure ? '; Secure' : ''}`;
}
