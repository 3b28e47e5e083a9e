import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/errors.js';

/** A script of 1 MiB, written as JSON, with room to spare. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const DEPTH_LIMIT = 64;

/** Bodies are JSON and nothing else. A body that is empty is no body: many clients announce JSON with every request. */
export function addJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const secure = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (body.length === 0) {
        done(null, undefined);
        return;
      }
      if (isTooDeep(body.toString())) {
        done(new AppError('malformed', 'BAD_REQUEST', 'The body is nested too deeply.'));
        return;
      }
      secure(request, body.toString(), (error, value) =>
        error === null
          ? done(null, value)
          : done(new AppError('malformed', 'NOT_JSON', 'The body is not valid JSON.')),
      );
    },
  );
}

/** Counts brackets, also those in strings: no honest body comes near. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > DEPTH_LIMIT) return true;
  }
  return false;
}
