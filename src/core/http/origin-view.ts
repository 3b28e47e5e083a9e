import type { Config } from '../config/config.js';

/** The two origins, without a trailing slash. */
export interface Origins {
  dashboard: string;
  apps: string;
}

/** Knows under which addresses a browser sees AiKore. */
export class OriginView {
  constructor(
    private readonly config: Pick<Config, 'publicUrl' | 'appsPublicUrl' | 'host'>,
    /** Ports that really listen; the configuration may say 0. */
    private readonly ports: () => { dashboard: number; apps: number },
  ) {}

  /** @param host the `Host` header that the browser sent to the dashboard; absent: an address of this machine */
  seenFrom(host: string | undefined): Origins {
    const name = nameOf(host) ?? this.ownName();
    const { dashboard, apps } = this.ports();
    return {
      dashboard: this.config.publicUrl?.origin ?? `http://${name}:${dashboard}`,
      apps: this.config.appsPublicUrl?.origin ?? `http://${name}:${apps}`,
    };
  }

  private ownName(): string {
    const { host } = this.config;
    if (host === '0.0.0.0') return '127.0.0.1';
    if (host === '::') return '[::1]';
    return host.includes(':') ? `[${host}]` : host;
  }
}

/** The name of a `Host` header without its port. */
function nameOf(host: string | undefined): string | null {
  return host === undefined ? null : host.replace(/:\d+$/, '');
}
