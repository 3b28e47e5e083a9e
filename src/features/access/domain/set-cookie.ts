import type { Mount } from './route.js';
import { isUnderMount } from './route.js';

/**
 * A Set-Cookie value as it may reach the browser: confined to the instance's mount and to this host, or null when it
 * would overwrite a cookie of AiKore's. All applications share one origin, so a cookie for `/` would reach the others.
 */
export function rewriteSetCookie(
  value: string,
  mount: Mount,
  isOwnCookie: (name: string) => boolean,
): string | null {
  const [pair = '', ...attributes] = value.split(';');
  const equals = pair.indexOf('=');
  const name = (equals < 0 ? '' : pair.slice(0, equals)).trim();
  // Without `=` the whole text is the value of a cookie without a name, which browsers send as `text`.
  if (isOwnCookie(equals < 0 ? pair.trim() : name)) return null;
  // A nameless cookie is sent back as its bare value, which a server reads as name and value.
  if (
    name === '' &&
    isOwnCookie(
      pair
        .slice(equals + 1)
        .split('=')[0]
        ?.trim() ?? '',
    )
  )
    return null;
  // Browsers refuse a `__Host-` cookie whose path is not `/`.
  const isHostBound = /^__host-/i.test(name);
  const kept = attributes
    .filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))
    .map((attribute) => (isHostBound ? attribute : confinePath(attribute, mount)));
  return [pair, ...kept].join(';');
}

function confinePath(attribute: string, mount: Mount): string {
  const path = /^\s*path\s*=\s*(\/.*?)\s*$/i.exec(attribute)?.[1];
  if (path === undefined || isUnderMount(path, mount)) return attribute;
  return ` Path=${mount}${path}`;
}
