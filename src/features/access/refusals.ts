import { AppError } from '../../core/errors.js';
import type { Answer } from './answer.js';
import { errorAnswer, pageAnswer } from './answer.js';
import type { RouteState } from './access.ports.js';
import type { Mount } from './domain/route.js';
import {
  forbiddenPage,
  noAnswerPage,
  notFoundPage,
  signInPage,
  unknownHostPage,
} from './pages/plain-pages.js';
import { startingPage, startingState } from './pages/starting-page.js';
import type { RequestView } from './request-view.js';

/** A request that is not plain HTTP for a server. */
export function malformed(problem: string): Answer {
  return errorAnswer(400, 'MALFORMED_REQUEST', problem);
}

export function methodNotAllowed(): Answer {
  return errorAnswer(405, 'METHOD_NOT_ALLOWED', 'TRACE and CONNECT are not served.', {
    Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  });
}

export function unknownHost(view: RequestView): Answer {
  if (view.isDocument) return pageAnswer(421, unknownHostPage(view.host));
  return errorAnswer(
    421,
    'UNKNOWN_HOST',
    'AiKore does not answer to this host name. Name it in AIKORE_ALLOWED_HOSTS to change that.',
  );
}

export function notSignedIn(view: RequestView, dashboard: string): Answer {
  if (view.isDocument) return pageAnswer(401, signInPage(dashboard));
  return errorAnswer(401, 'UNAUTHENTICATED', 'Sign in on the dashboard, or send an API token.');
}

export function foreignOrigin(view: RequestView, dashboard: string): Answer {
  if (view.isDocument) return pageAnswer(403, forbiddenPage(dashboard));
  return errorAnswer(403, 'FOREIGN_ORIGIN', 'Pages of other sites may not act on applications.');
}

export function notFound(view: RequestView, dashboard: string): Answer {
  if (view.isDocument) return pageAnswer(404, notFoundPage(dashboard));
  return errorAnswer(404, 'INSTANCE_NOT_FOUND', 'No instance answers at this address.');
}

/** For an instance whose application cannot be reached now. */
export async function notReady(
  view: RequestView,
  route: RouteState,
  mount: Mount,
  dashboard: string,
): Promise<Answer> {
  const headers = { 'Retry-After': '2' };
  if (view.isDocument && view.method !== 'POST') {
    return pageAnswer(503, startingPage(mount, await startingState(route, false), dashboard), headers);
  }
  return errorAnswer(
    503,
    'INSTANCE_NOT_READY',
    `The instance does not answer now (${route.status}).`,
    headers,
  );
}

/** For an application that closed the connection instead of answering. */
export function noAnswer(view: RequestView, route: RouteState, dashboard: string): Answer {
  if (view.isDocument) return pageAnswer(502, noAnswerPage(route.name, dashboard));
  return errorAnswer(502, 'INSTANCE_NO_ANSWER', 'The application closed the connection without an answer.');
}

/** What the gate refused with a reason; null for an error that is none. */
export function ofTheGate(error: unknown, view: RequestView, dashboard: string): Answer | null {
  if (!(error instanceof AppError)) return null;
  if (error.kind === 'unauthenticated') return notSignedIn(view, dashboard);
  if (error.kind === 'misdirected') return unknownHost(view);
  if (error.kind === 'forbidden') return errorAnswer(403, error.code, error.message);
  return error.kind === 'malformed' ? errorAnswer(400, error.code, error.message) : null;
}
