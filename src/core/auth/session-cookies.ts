import { SECOND_MS } from './clock.js';
import { serializeSessionCookie } from './cookies.js';
import type { GateRequest } from './gate-request.js';
import { SESSION_ABSOLUTE_MS } from './sessions.js';

const MAX_AGE_SECONDS = SESSION_ABSOLUTE_MS / SECOND_MS;

/** What tells how the browser sees AiKore. */
export type SeenBy = Pick<GateRequest, 'headers' | 'isSecure'>;

/** The `Set-Cookie` headers of signing in and out. */
export class SessionCookies {
  constructor(private readonly publicUrl: URL | null) {}

  /** For a session that has just begun. */
  issue(token: string, request: SeenBy): string {
    return serializeSessionCookie(token, {
      isSecure: this.#isSecure(request),
      maxAgeSeconds: MAX_AGE_SECONDS,
    });
  }

  /** Removes whatever cookie a session may have had. */
  expire(request: SeenBy): string[] {
    const plain = serializeSessionCookie('', { isSecure: false, maxAgeSeconds: 0 });
    // Over plain HTTP a browser would refuse the other one.
    return this.#isSecure(request)
      ? [plain, serializeSessionCookie('', { isSecure: true, maxAgeSeconds: 0 })]
      : [plain];
  }

  /**
   * Whether the browser sees HTTPS. Behind a proxy that is not known to AiKore only its own public address tells: the
   * same AiKore is often opened by its plain address as well, where a Secure cookie would be thrown away.
   */
  #isSecure({ headers, isSecure }: SeenBy): boolean {
    if (isSecure) return true;
    const url = this.publicUrl;
    return url?.protocol === 'https:' && (headers.origin === url.origin || headers.host === url.host);
  }
}
