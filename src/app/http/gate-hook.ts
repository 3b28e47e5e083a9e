import type { FastifyInstance } from 'fastify';
import type { Gate } from '../../core/auth/gate.js';
import type { GateRequest } from '../../core/auth/gate-request.js';
import { gateRequestOf } from '../../core/auth/gate-request.js';
import { AppError } from '../../core/errors.js';
import { sendError } from '../../core/http/error-filter.js';
import type { Logger } from '../../core/logging.js';
import { requirementOf } from '../access-matrix.js';

/**
 * Puts the gate before everything: it runs for every method and path, also for those that no route matches, before a
 * body is read. A route that the matrix does not know is refused like one that does not exist.
 * @param onSessionUse hears of every admitted request of a browser that is signed in
 */
export function addGateHook(
  fastify: FastifyInstance,
  gate: Gate,
  onSessionUse: (request: GateRequest) => void,
  logger: Logger,
): void {
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('errorCode', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const pattern = request.routeOptions.url;
    const requirement = pattern === undefined ? null : requirementOf(request.method, pattern);
    try {
      // Who is not signed in learns nothing about what exists.
      const gateRequest = gateRequestOf(request.raw, request.client, false);
      request.caller = gate.admit(gateRequest, requirement ?? 'read');
      if (request.caller?.via === 'session') onSessionUse(gateRequest);
      if (requirement === null)
        throw new AppError('not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.');
      done();
    } catch (error) {
      sendError(error, request, reply, logger);
    }
  });
}
