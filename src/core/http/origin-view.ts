import type { Config } from '../config/config.js';
import { appsOrigin, dashboardOrigin, ownOrigin, publishedOrigin } from './domain/origins.js';
import type { Origins, Seen } from './domain/origins.js';

/** The addresses of the two origins, without a trailing slash. */
export interface Addresses {
  dashboard: string;
  apps: string;
  /** Scheme and host of the published ports; a port follows. */
  published: string;
}

/** Knows under which addresses browsers see AiKore. */
export class OriginView {
  /** Ports that really listen; the configuration may say 0, and knows them only until they are bound. */
  readonly ports: { dashboard: number; apps: number };

  constructor(
    private readonly config: Pick<
      Config,
      'publicUrl' | 'appsPublicUrl' | 'host' | 'port' | 'appsPort' | 'tls'
    >,
  ) {
    this.ports = { dashboard: config.port, apps: config.appsPort };
  }

  get origins(): Origins {
    const { publicUrl, appsPublicUrl } = this.config;
    return { dashboardPort: this.ports.dashboard, appsPort: this.ports.apps, publicUrl, appsPublicUrl };
  }

  /** @param seen the dashboard's address for the browser that asks */
  seenFrom(seen: Seen): Addresses {
    const dashboard = this.origins.publicUrl?.origin ?? ownOrigin(seen);
    return { dashboard, apps: appsOrigin(seen, this.origins), published: this.publishedFrom(seen) };
  }

  /** For who sits at this machine. */
  get own(): Addresses {
    const seen = { host: this.ownName(), isSecure: this.config.tls !== null };
    return {
      dashboard: dashboardOrigin(seen, this.origins),
      apps: appsOrigin(seen, this.origins),
      published: this.publishedFrom(seen),
    };
  }

  /** AiKore listens there itself: a proxy before the dashboard, which may speak TLS, is not before it. */
  private publishedFrom({ host }: Seen): string {
    return publishedOrigin({ host, isSecure: this.config.tls !== null }, this.origins);
  }

  private ownName(): string {
    const { host } = this.config;
    if (host === '0.0.0.0') return '127.0.0.1';
    if (host === '::') return '[::1]';
    return host.includes(':') ? `[${host}]` : host;
  }
}
