import { parseHostHeader } from '../../core/http/host-header.js';
import type { Entry } from './domain/entry.js';

/** What the address that was asked stands for, before its path is looked at. */
export type Place<Route> =
  /** Many applications share the origin; the path tells which one is meant. */
  | { kind: 'paths' }
  /** The whole origin is one application's. */
  | { kind: 'own'; route: Route }
  /** An origin whose application is gone. */
  | { kind: 'nowhere' };

/** Finds routes by what an address can say. */
export interface RouteFinder<Route> {
  find(slug: string): Route | null;
  /** The instance that has this name for itself, if one has. The name is lower case, and no address. */
  findByHostname(hostname: string): Route | null;
  /** The instance that this published port belongs to. */
  findByPort(port: number): Route | null;
}

/** @param host the `Host` value, accepted already */
export function placeOf<Route>(entry: Entry, host: string, routes: RouteFinder<Route>): Place<Route> {
  if (entry.kind === 'port') {
    const route = routes.findByPort(entry.port);
    return route === null ? { kind: 'nowhere' } : { kind: 'own', route };
  }
  const route = routeOfHost(host, routes);
  if (route !== null) return { kind: 'own', route };
  // The dashboard's port hands over only what was asked for by an instance's name, which may be gone by now.
  return entry.kind === 'dashboard' ? { kind: 'nowhere' } : { kind: 'paths' };
}

/** The instance that a `Host` value names, or null; `<slug>.localhost` is always there. */
export function routeOfHost<Route>(
  host: string,
  routes: Pick<RouteFinder<Route>, 'find' | 'findByHostname'>,
): Route | null {
  const name = parseHostHeader(host);
  if (name === null || name.isAddress) return null;
  // Browsers resolve such names to this machine without being told (RFC 6761, section 6.3).
  const slug = /^([a-z0-9-]+)\.localhost$/.exec(name.hostname)?.[1];
  return slug === undefined ? routes.findByHostname(name.hostname) : routes.find(slug);
}
