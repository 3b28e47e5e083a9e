/** Who serves applications: NGINX, or AiKore's own process. */
export type ProxyEngine = 'nginx' | 'embedded';

/** How applications are served now; what is wrong is among the warnings. */
export interface ProxyState {
  engine: ProxyEngine;
  is_serving: boolean;
  /** NGINX's, such as `1.22.1`; null with the embedded engine. */
  version: string | null;
}
