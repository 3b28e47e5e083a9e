import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Serves the built dashboard; its assets carry their hash in their name and never change. */
export async function addDashboardFiles(fastify: FastifyInstance, folder: string): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  fastify.get('/', (_request, reply) => reply.header('cache-control', 'no-cache').sendFile('index.html'));
  fastify.get('/favicon.svg', (_request, reply) =>
    reply.header('cache-control', 'no-cache').sendFile('favicon.svg'),
  );
  fastify.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    // As an option, not as a header of the reply: that one would make a refusal last for a year as well.
    reply.sendFile(`assets/${request.params['*']}`, {
      cacheControl: true,
      maxAge: YEAR_MS,
      immutable: true,
    }),
  );
}
