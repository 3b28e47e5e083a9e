import type { ClientView } from '../http/client-view.js';
import { SECOND_MS } from './clock.js';
import { serializeSessionCookie } from './cookies.js';
import { SESSION_ABSOLUTE_MS } from './sessions.js';

const MAX_AGE_SECONDS = SESSION_ABSOLUTE_MS / SECOND_MS;

/** What tells how the browser sees AiKore; a request of Fastify is one. */
export interface CookieRequest {
  client: Pick<ClientView, 'isSecure' | 'host'>;
  headers: { origin?: string | undefined };
}

/** The `Set-Cookie` headers of signing in and out. */
export class SessionCookies {
  constructor(private readonly publicUrl: URL | null) {}

  /** For a session that has just begun. */
  issue(token: string, request: CookieRequest): string {
    return serializeSessionCookie(token, {
      isSecure: this.#isSecure(request),
      maxAgeSeconds: MAX_AGE_SECONDS,
    });
  }

  /** Removes whatever cookie a session may have had. */
  expire(request: CookieRequest): string[] {
    const plain = serializeSessionCookie('', { isSecure: false, maxAgeSeconds: 0 });
    // Over plain HTTP a browser would refuse the other one.
    return this.#isSecure(request)
      ? [plain, serializeSessionCookie('', { isSecure: true, maxAgeSeconds: 0 })]
      : [plain];
  }

  /**
   * Whether the browser sees HTTPS: by the connection, or by AiKore's public address where the proxy that speaks TLS is
   * not trusted. The same AiKore is often opened by its plain address as well, where a Secure cookie would be thrown away.
   */
  #isSecure({ client, headers }: CookieRequest): boolean {
    if (client.isSecure) return true;
    const url = this.publicUrl;
    return url?.protocol === 'https:' && (headers.origin === url.origin || client.host === url.host);
  }
}
