/**
 * Where a pasted one-time link leads, as an address of this origin, or null when the text holds none. Only path and query are
 * taken: whatever host the text names, the browser stays here.
 */
export function oneTimeTarget(text: string, origin: string): string | null {
  const found = /https?:\/\/\S+/.exec(text)?.[0] ?? (text.trim().startsWith('/') ? text.trim() : null);
  if (found === null) return null;
  try {
    const link = new URL(found, origin);
    const target = new URL(origin);
    target.pathname = link.pathname;
    target.search = link.search;
    const leadsSomewhere = link.pathname !== '/' || link.search !== '';
    return leadsSomewhere && target.origin === origin ? target.href : null;
  } catch {
    return null;
  }
}
