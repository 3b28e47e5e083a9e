import type { FastifyReply } from 'fastify';

/** A signal that is aborted when whoever asked does not wait for the answer any more. */
export function abortOnLeave(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
