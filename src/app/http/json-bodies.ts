import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.js';

/** A script of 1 MiB, written as JSON, with room to spare. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** The deepest body that a route expects has two levels. */
const MAX_DEPTH = 8;

/** The one route whose body is taken as it comes. */
const UPLOAD_ROUTE = '/api/archives/:file';
const UPLOAD_TYPES = ['application/gzip', 'application/x-gzip', 'application/octet-stream'];

/** Whether a request sends a file, which has no limit of its own. */
export function isUpload({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'PUT' && routeOptions.url === UPLOAD_ROUTE;
}

/** Bodies are JSON objects and nothing else. An empty one is none: many clients announce JSON with every request. */
export function addJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  addUploads(fastify);
  // Refuses `__proto__` and `constructor.prototype` instead of dropping them.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (body.length === 0) {
        done(null, undefined);
        return;
      }
      void parse(request, body.toString(), (error: Error | null, value?: unknown) => {
        const problem = error === null ? problemOf(value) : 'The body is not valid JSON.';
        if (problem === null) done(null, value);
        else done(new AppError('malformed', 'BAD_JSON', problem));
      });
    },
  );
}

function addUploads(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(UPLOAD_TYPES, (request, payload, done) => {
    if (isUpload(request)) done(null, payload);
    else done(new AppError('unsupported_media_type', 'NOT_JSON', 'Bodies are JSON (application/json).'));
  });
}

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'The body must be a JSON object.';
  return isDeeperThan(value, MAX_DEPTH) ? 'The body is nested too deeply.' : null;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
