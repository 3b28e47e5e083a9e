/** What the proxy does with the prefix `/instance/<slug>` before it asks the application. */
export type PathMode = 'strip' | 'keep';

/** Where requests under `/instance/<slug>/` go. */
export interface Route {
  instanceId: number;
  slug: string;
  /** The application's own port on 127.0.0.1. */
  port: number;
  mode: PathMode;
  /** Whether documents get the script that turns root-absolute addresses into prefixed ones. */
  isShimInjected: boolean;
}

/** Folder below every prefix (and below the root) that AiKore answers itself. */
export const OWN_FOLDER = '/.aikore/';

/** The path prefix of an instance, without a slash at the end. */
export function prefixOf(slug: string): `/instance/${string}` {
  return `/instance/${slug}`;
}

/**
 * Where the browser sees the root of an application: a prefix without a slash at the end, or nothing where the whole
 * origin is the application's.
 */
export type Mount = '' | `/instance/${string}`;

/** Whether a raw path (a query may follow) lies under the mount. */
export function isUnderMount(path: string, mount: Mount): boolean {
  if (!path.startsWith(mount)) return false;
  const next = path.charAt(mount.length);
  return mount === '' || next === '' || next === '/' || next === '?' || next === '#';
}

/** The path that the application sees. `rest` is what follows the prefix, beginning with a slash. */
export function upstreamPath(route: Route, rest: string): string {
  return route.mode === 'keep' ? prefixOf(route.slug) + rest : rest;
}
