import type { IncomingHttpHeaders } from 'node:http';
import { SECOND_MS } from './clock.js';
import { serializeSessionCookie } from './cookies.js';
import { SESSION_ABSOLUTE_MS } from './sessions.js';

const MAX_AGE_SECONDS = SESSION_ABSOLUTE_MS / SECOND_MS;

/** The `Set-Cookie` headers of signing in and out. */
export class SessionCookies {
  constructor(private readonly publicUrl: URL | null) {}

  /** For a session that has just begun. */
  issue(token: string, headers: IncomingHttpHeaders): string {
    return serializeSessionCookie(token, {
      isSecure: this.#isSecure(headers),
      maxAgeSeconds: MAX_AGE_SECONDS,
    });
  }

  /** Removes whatever cookie a session may have had. */
  expire(headers: IncomingHttpHeaders): string[] {
    const plain = serializeSessionCookie('', { isSecure: false, maxAgeSeconds: 0 });
    // Over plain HTTP a browser would refuse the other one.
    return this.#isSecure(headers)
      ? [plain, serializeSessionCookie('', { isSecure: true, maxAgeSeconds: 0 })]
      : [plain];
  }

  /**
   * Whether the browser sees HTTPS, which AiKore can tell only by its own public address: the same AiKore is often
   * opened by its plain address as well, where a Secure cookie would be thrown away.
   */
  #isSecure(headers: IncomingHttpHeaders): boolean {
    const url = this.publicUrl;
    return url?.protocol === 'https:' && (headers.origin === url.origin || headers.host === url.host);
  }
}
