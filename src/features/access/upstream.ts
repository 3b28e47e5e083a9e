import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import type { OwnCredentials, RouteState } from './access.ports.js';
import type { Answer } from './answer.js';
import { toApplication } from './domain/request-headers.js';
import { toBrowser } from './domain/response-headers.js';
import type { Mount } from './domain/route.js';
import { withoutWorkerMark } from './domain/worker-scripts.js';
import type { RequestView } from './request-view.js';

/** Of a request's and of an answer's headers together; more is refused with 431 or 502. */
export const MAX_HEADER_BYTES = 64 * 1024;

/** System errors that say: nothing listens there (or no longer, or not yet). */
export const UNREACHABLE_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EADDRNOTAVAIL',
  'ENETUNREACH',
]);

/** A request that may pass, and where it goes. */
export interface ProxyJob {
  view: RequestView;
  route: RouteState;
  mount: Mount;
  /** The path and query for the application, raw. */
  path: string;
  protocol: 'http' | 'https';
  /** The dashboard's origin as this browser finds it; asked for only where it is needed. */
  dashboard(): string;
  /** The answer when nothing listens on the application's port. */
  whenUnreachable(): Promise<Answer>;
  /** The answer when the application closed the connection before answering. */
  whenUnanswered(): Answer;
}

/** The side of the proxy that faces the applications. */
export class Upstream {
  /** Idle connections wait here for the next request to the same port. */
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 32, scheduling: 'lifo' });

  constructor(readonly credentials: OwnCredentials) {}

  /**
   * Opens a request; the caller sends its body.
   * @param isPooled may use an idle connection. The application may close it at the very moment that the request goes
   * out, so only requests that can be repeated should.
   */
  open(job: ProxyJob, isPooled: boolean, upgrade: string | null = null): ClientRequest {
    const { view, route } = job;
    return request({
      host: '127.0.0.1',
      port: route.port,
      method: view.method,
      path: isShimWanted(job) ? withoutWorkerMark(job.path) : job.path,
      headers: toApplication(view.method, view.rawHeaders, {
        route,
        mount: job.mount,
        credentials: this.credentials,
        remoteAddress: view.remoteAddress,
        host: view.host,
        protocol: job.protocol,
        isShimWanted: isShimWanted(job),
        upgrade,
      }),
      agent: isPooled ? this.agent : false,
      setHost: false,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
  }

  /** The raw headers of an application's answer for the browser. */
  headersForBrowser(job: ProxyJob, answer: IncomingMessage, isInjected: boolean): string[] {
    return toBrowser(answer.rawHeaders, {
      route: job.route,
      mount: job.mount,
      host: job.view.host,
      isOwnCookie: (name) => this.credentials.isOwnCookieName(name),
      dashboard: () => job.dashboard(),
      isInjected,
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Under a prefix, documents and workers get the shim; on an origin of their own applications need none. */
export function isShimWanted({ view, route, mount }: ProxyJob): boolean {
  return mount !== '' && route.isShimInjected && (view.isDocument || view.workerKind !== null);
}
