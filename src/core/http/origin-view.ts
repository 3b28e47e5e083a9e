import type { Config } from '../config/config.js';
import { appsOrigin, dashboardOrigin, publishedOrigin } from './domain/origins.js';
import type { Origins } from './domain/origins.js';

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
    private readonly config: Pick<Config, 'publicUrl' | 'appsPublicUrl' | 'host' | 'port' | 'appsPort'>,
  ) {
    this.ports = { dashboard: config.port, apps: config.appsPort };
  }

  get origins(): Origins {
    const { publicUrl, appsPublicUrl } = this.config;
    return { dashboardPort: this.ports.dashboard, appsPort: this.ports.apps, publicUrl, appsPublicUrl };
  }

  /** @param host the `Host` header that the browser sent to the dashboard; absent: an address of this machine */
  seenFrom(host: string | undefined): Addresses {
    const name = host ?? this.ownName();
    const { origins } = this;
    return {
      dashboard: dashboardOrigin(name, origins),
      apps: appsOrigin(name, origins),
      published: publishedOrigin(name, origins),
    };
  }

  private ownName(): string {
    const { host } = this.config;
    if (host === '0.0.0.0') return '127.0.0.1';
    if (host === '::') return '[::1]';
    return host.includes(':') ? `[${host}]` : host;
  }
}
