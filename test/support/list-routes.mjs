// Builds the server without listening and prints every route that its router was given, and the access matrix.
import { subscribe } from 'node:diagnostics_channel';

// As modules, not bundled, the server can be taken apart.
const modules = new URL('../../dist/server/', import.meta.url);
const load = (path) => import(new URL(path, modules).href);
const routes = [];

subscribe('fastify.initialization', ({ fastify }) => {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url });
  });
});

const { readConfig } = await load('core/config/config.js');
const { createLogger } = await load('core/logging.js');
const { buildParts } = await load('app/build-parts.js');
const { ACCESS_MATRIX } = await load('app/access-matrix.js');

const { dashboard } = await buildParts(readConfig(process.env), createLogger(false));
await dashboard.getHttpAdapter().getInstance().ready();
process.stdout.write(JSON.stringify({ routes, matrix: ACCESS_MATRIX }), () => process.exit(0));
