import type { FastifyInstance } from 'fastify';
import { frameSources } from '../../core/http/domain/origins.js';
import type { Origins } from '../../core/http/domain/origins.js';

const DASHBOARD_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Swagger UI styles itself inline; its scripts are files. */
const DOCS_CSP = DASHBOARD_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What every answer of the dashboard's origin says to browsers; pages of a part's own may set a policy of their own. */
export function addSecurityHeaders(fastify: FastifyInstance, origins: () => Origins): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    void reply.headers(HEADERS);
    if (!reply.hasHeader('content-security-policy')) {
      const isDocs = request.routeOptions.url?.startsWith('/api/docs') ?? false;
      const frames = frameSources(request.client, origins());
      void reply.header(
        'content-security-policy',
        isDocs ? DOCS_CSP : `${DASHBOARD_CSP}; frame-src ${frames}`,
      );
    }
    const isApi = request.url.startsWith('/api/');
    if (isApi && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
