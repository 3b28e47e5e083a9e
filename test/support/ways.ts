import type { Instance, InstanceCreate } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from './aikore-process.js';

/** One of the ways in which a browser reaches an application. */
export interface Way {
  name: string;
  /** Under paths all applications share one origin; else each has one of its own. */
  isOwnOrigin: boolean;
  /** Under which host the browser opens the dashboard. */
  dashboardHost: string;
  /** What an instance needs to be reached so. */
  wish: (slug: string) => Partial<InstanceCreate>;
  addressOf: (aikore: AiKoreProcess, instance: Instance) => string;
}

/** Names that only the browser of a test resolves: a plain-HTTP name of the LAN is no trustworthy origin to Chromium. */
export const LAN_NAME = 'aikore.lan';
export const WAYS_FLAGS = [`--host-resolver-rules=MAP *.lan 127.0.0.1`];
export const WAYS_ENV = { AIKORE_ALLOWED_HOSTS: LAN_NAME };

const path =
  (dashboardHost: string) =>
  (aikore: AiKoreProcess, { slug }: Instance) =>
    `http://${dashboardHost}:${aikore.appsPort}/instance/${slug}/`;

const underPath = (name: string, dashboardHost: string): Way => ({
  name,
  isOwnOrigin: false,
  dashboardHost,
  wish: () => ({}),
  addressOf: path(dashboardHost),
});

export const WAYS: Way[] = [
  underPath('under a path of 127.0.0.1', '127.0.0.1'),
  underPath('under a path of a plain-HTTP name', LAN_NAME),
];

/** Which engine carries the applications: the one that the environment of the test run names. */
export const ENGINE = process.env['AIKORE_PROXY'] ?? 'embedded';
