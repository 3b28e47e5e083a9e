import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditOutcome } from '../../contracts/audit.js';
import type { AuditPort } from '../../core/audit/audit.port.js';
import { NOBODY } from '../../core/audit/audit.port.js';
import type { Authenticator } from '../../core/auth/authenticator.js';
import type { AuditNames, AuditSubject, AuditedRequest } from './audit-actions.js';
import { describeRequest, isAudited } from './audit-actions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audit log will say of it. */
    auditSubject: AuditSubject | null;
  }
}

export interface AuditHookParts {
  audit: AuditPort;
  names: AuditNames;
  authenticator: Pick<Authenticator, 'authenticate'>;
}

/** Routes that nobody needs to be signed in for; what is tried there is told of all the same. */
const SIGN_IN = new Set(['POST /api/auth/login', 'GET /signin-link/:token']);
const SIGNED_IN_ACTOR = 'operator';

/** Takes every changing call down in the audit log, however it ended. To be added behind the gate. */
export function addAuditHook(fastify: FastifyInstance, parts: AuditHookParts): void {
  fastify.decorateRequest('auditSubject', null);
  fastify.addHook('preHandler', (request, _reply, done) => {
    request.auditSubject = subjectOf(request, parts.names);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // What was refused before its body was read has not been looked at.
    const subject = request.auditSubject ?? subjectOf(request, parts.names);
    const actor = subject === null ? null : actorOf(request, reply.statusCode, parts.authenticator);
    if (subject !== null && actor !== null) {
      const outcome = outcomeOf(reply.statusCode);
      parts.audit.record({
        actor,
        action: subject.action,
        target: subject.target,
        instanceId: subject.instanceId,
        detail: outcome === 'done' ? subject.detail : null,
        outcome,
        address: request.client.remoteAddress,
        code: request.errorCode,
        requestId: request.id,
      });
    }
    done();
  });
}

function subjectOf(request: FastifyRequest, names: AuditNames): AuditSubject | null {
  const pattern = request.routeOptions.url;
  if (pattern === undefined || !isAudited(request.method, pattern)) return null;
  const audited: AuditedRequest = {
    params: recordOf(request.params) as AuditedRequest['params'],
    query: recordOf(request.query),
    body: recordOf(request.body),
  };
  return describeRequest(request.method, pattern, audited, names);
}

/** Null when it is not told of: a stranger's call that was refused did nothing, and strangers call often. */
function actorOf(
  request: FastifyRequest,
  status: number,
  authenticator: AuditHookParts['authenticator'],
): string | null {
  const isSignIn = SIGN_IN.has(`${request.method} ${request.routeOptions.url ?? ''}`);
  // Fetched ahead by a browser: nobody has followed the link.
  if (isSignIn && status === 503) return null;
  if (isSignIn) return status < 400 ? SIGNED_IN_ACTOR : NOBODY;
  // The gate names nobody whom it turns away for what they may not do.
  return (request.caller ?? authenticator.authenticate(request.raw.headers))?.actor ?? null;
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
