import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging.js';
import { answerFor, toAppError } from './error-response.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the error that it was answered with. */
    errorCode: string | null;
  }
}

/** The one place where errors of HTTP handlers become answers. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

/** Answers a request with an error, and writes those that are nobody's wish to the log. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): void {
  const appError = toAppError(error);
  if (appError.kind === 'internal') {
    logger.error('a request failed', {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      error,
    });
  }
  const { status, body, headers } = answerFor(appError, request.id);
  request.errorCode = body.code;
  void reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
