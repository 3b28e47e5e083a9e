import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Server as HttpsServer } from 'node:https';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Gate } from '../../core/auth/gate.js';
import type { GateRequest } from '../../core/auth/gate-request.js';
import { AppError } from '../../core/errors.js';
import { redirectToApps } from '../../core/http/domain/origins.js';
import { ErrorFilter, sendError } from '../../core/http/error-filter.js';
import type { ClientViews } from '../../core/http/client-views.js';
import type { OriginView } from '../../core/http/origin-view.js';
import { createValidationPipe } from '../../core/http/validation.js';
import { serveTls } from '../../core/tls/serve-tls.js';
import type { TlsCertificate } from '../../core/tls/tls-certificate.js';
import type { Logger } from '../../core/logging.js';
import type { AuditHookParts } from '../audit/audit-hook.js';
import { addAuditHook } from '../audit/audit-hook.js';
import { addDashboardFiles } from './dashboard-files.js';
import { addGateHook } from './gate-hook.js';
import { addJsonBodies, isUpload } from './json-bodies.js';
import { addApiDocument } from './openapi/api-document.js';
import { addSecurityHeaders } from './security-headers.js';
import { answerUnreadable, answerUnroutable } from './unroutable.js';

export interface DashboardServerParts {
  controllers: Type[];
  /** What the controllers are constructed with, by class. */
  providers: Provider[];
  gate: Gate;
  clients: ClientViews;
  /** Called for every admitted request of a browser that is signed in. */
  onSessionUse: (request: GateRequest) => void;
  audit: AuditHookParts;
  origins: OriginView;
  /** With what it serves TLS; null: it serves plain HTTP. */
  certificate: TlsCertificate | null;
  logger: Logger;
  dashboardFolder: string;
  version: string;
  /** Called when a request was refused for want of room. */
  onDiskFull: () => void;
}

const HEADERS_TIMEOUT_MS = 30_000;
/** How often connections are looked over for those that took longer; Node's own 30 s would double the time. */
const CONNECTIONS_CHECK_MS = 5_000;
const BODY_LIMIT_MS = 120_000;

const SERVER = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
  maxHeaderSize: 32 * 1024,
};

@Module({})
class DashboardModule {}

/** Builds the dashboard's origin: API, documentation, the SPA's files. It does not listen yet. */
export async function createDashboardServer(parts: DashboardServerParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    genReqId: () => randomUUID(),
    ...serverOptions(parts.certificate),
    // One route, one spelling.
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 256,
    },
    // An upload by the hostname of an instance may take hours on this port; what the dashboard takes has a limit below.
    requestTimeout: 0,
    frameworkErrors: answerUnroutable(parts.gate, parts.clients, parts.logger),
    clientErrorHandler: answerUnreadable,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  if (parts.certificate !== null) serveTls(fastify.server as HttpsServer, parts.certificate);
  parts.clients.decorate(fastify);
  addGateHook(fastify, parts.gate, parts.onSessionUse, parts.logger);
  addBodyLimit(fastify);
  addAuditHook(fastify, parts.audit);
  addSecurityHeaders(fastify, () => parts.origins.origins);
  addDiskFullHook(fastify, parts.onDiskFull);
  await fastify.register((plain) => addPlainRoutes(plain, parts));
  const module: DynamicModule = {
    module: DashboardModule,
    controllers: parts.controllers,
    providers: parts.providers,
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // What Nest has to say is thrown as well, and told in AiKore's own words.
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ErrorFilter(parts.logger));
  addApiDocument(app, parts.version);
  await app.init();
  addJsonBodies(fastify);
  return app;
}

function serverOptions(certificate: TlsCertificate | null) {
  return certificate === null ? { http: SERVER } : { https: { ...SERVER, ...certificate.options } };
}

/** Clients that take their time with a body hold nothing up; clients that never finish are let go. */
function addBodyLimit(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { raw, headers } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    // A file of many gigabytes takes its time, and whoever receives it sees to it that it goes on.
    if (hasBody && !isUpload(request)) {
      const limit = setTimeout(() => raw.destroy(), BODY_LIMIT_MS);
      raw.once('end', () => clearTimeout(limit)).once('close', () => clearTimeout(limit));
    }
    done();
  });
}

/** Whatever part it was that found no room: the answer says so. */
function addDiskFullHook(fastify: FastifyInstance, onDiskFull: () => void): void {
  fastify.addHook('onResponse', (_request, reply, done) => {
    if (reply.statusCode === 507) onDiskFull();
    done();
  });
}

/** What Nest does not serve, in a scope of its own so that its errors get the same answers without Nest's filter. */
async function addPlainRoutes(fastify: FastifyInstance, parts: DashboardServerParts): Promise<void> {
  fastify.setErrorHandler((error, request, reply) => sendError(error, request, reply, parts.logger));
  await addDashboardFiles(fastify, parts.dashboardFolder);
  fastify.get('/instance/*', (request, reply) => {
    const target = redirectToApps(request.raw.url ?? '/', request.client, parts.origins.origins);
    if (target === null)
      throw new AppError('not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.');
    return reply.code(307).header('location', target).send();
  });
}
