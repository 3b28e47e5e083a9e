import { existsSync } from 'node:fs';
import type { Instance, InstanceCreate } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from './aikore-process.js';

/** One of the ways in which a browser reaches an application. */
export interface Way {
  name: string;
  /** Under paths all applications share one origin; else each has one of its own. */
  isOwnOrigin: boolean;
  /** Its page may have the browser send cookies of the dashboard's host name, to whichever port. */
  isSameSite: boolean;
  /** Under which host the browser opens the dashboard. */
  dashboardHost: string;
  /** What an instance needs to be reached so. */
  wish: (slug: string) => Partial<InstanceCreate>;
  addressOf: (aikore: AiKoreProcess, instance: Instance) => string;
}

/** Names that only the browser of a test resolves: a plain-HTTP name of the LAN is no trustworthy origin to Chromium. */
const LAN_NAME = 'aikore.lan';
/** Beside the applications' hostnames below one domain, so that cookies can be planted from there. */
const SIBLING_NAME = 'aikore.home.lan';
const NGINX = '/usr/sbin/nginx';
const RANGE = { first: 19_401, last: 19_440 };

export const WAYS_FLAGS = ['--host-resolver-rules=MAP *.lan 127.0.0.1'];
export const WAYS_ENV = {
  AIKORE_ALLOWED_HOSTS: `${LAN_NAME},${SIBLING_NAME}`,
  AIKORE_INSTANCE_PORT_RANGE: `${RANGE.first}-${RANGE.last}`,
};

const underPath = (name: string, dashboardHost: string): Way => ({
  name,
  isOwnOrigin: false,
  isSameSite: true,
  dashboardHost,
  wish: () => ({}),
  addressOf: (aikore, { slug }) => `http://${dashboardHost}:${aikore.appsPort}/instance/${slug}/`,
});

const atPort = (name: string, dashboardHost: string): Way => ({
  name,
  isOwnOrigin: true,
  isSameSite: true,
  dashboardHost,
  wish: () => ({ access_mode: 'port' }),
  addressOf: (_aikore, { public_port: port }) => `http://${dashboardHost}:${String(port)}/`,
});

export const WAYS: Way[] = [
  underPath('under a path of 127.0.0.1', '127.0.0.1'),
  underPath('under a path of a plain-HTTP name', LAN_NAME),
  atPort('at a port of 127.0.0.1', '127.0.0.1'),
  atPort('at a port of a plain-HTTP name', LAN_NAME),
  {
    name: 'at a plain-HTTP hostname beside the dashboard’s',
    isOwnOrigin: true,
    isSameSite: true,
    dashboardHost: SIBLING_NAME,
    wish: (slug) => ({ hostname: `${slug}.home.lan`, use_custom_hostname: true }),
    addressOf: (aikore, { slug }) => `http://${slug}.home.lan:${aikore.appsPort}/`,
  },
  {
    name: 'at a name below localhost',
    isOwnOrigin: true,
    isSameSite: false,
    dashboardHost: 'localhost',
    wish: () => ({}),
    addressOf: (aikore, { slug }) => `http://${slug}.localhost:${aikore.appsPort}/`,
  },
];

/** Which engine carries the applications: the one that the environment of the test run names. */
export const ENGINE = process.env['AIKORE_PROXY'] ?? 'embedded';

export type EngineName = 'embedded' | 'nginx';

/** The engines that there are, or the one that the environment of the test run names. */
export function engines(): EngineName[] {
  const named = process.env['AIKORE_PROXY'];
  if (named === 'nginx' || named === 'embedded') return [named];
  return existsSync(NGINX) ? ['embedded', 'nginx'] : ['embedded'];
}

/** A way in, and the engine that it leads through. */
export interface Passage {
  way: Way;
  engine: EngineName;
}

/**
 * Every way once and both engines in turn, so that each kind of address is gone through with one of them and each engine
 * sees paths, ports and names; all of both in the long run, or all of the one engine that the environment names.
 */
export function passages(): Passage[] {
  const both = engines();
  if (both.length === 1 || process.env['AIKORE_SOAK'] === '1')
    return both.flatMap((engine) => WAYS.map((way) => ({ way, engine })));
  return WAYS.map((way, index) => ({ way, engine: EMBEDDED_WAYS.has(index) ? 'embedded' : 'nginx' }));
}

const EMBEDDED_WAYS: ReadonlySet<number> = new Set([0, 3, 4]);
