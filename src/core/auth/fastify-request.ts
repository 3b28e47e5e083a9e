import type { FastifyRequest } from 'fastify';
import type { Visitor } from './auth.service.js';
import { notSignedIn } from './auth.errors.js';
import type { Caller } from './caller.js';
import { sessionCandidates } from './cookies.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the gate before anything else runs; null only on public routes. */
    caller: Caller | null;
  }
}

/** @throws AppError `unauthenticated` NOT_SIGNED_IN when nobody is signed in. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw notSignedIn('Sign in first.');
  return request.caller;
}

/** Where a request to sign in comes from. */
export function visitorOf(request: FastifyRequest): Visitor {
  return {
    address: request.client.remoteAddress,
    userAgent: request.headers['user-agent'] ?? '',
    sessionTokens: sessionCandidates(request.headers.cookie).flat(),
  };
}
