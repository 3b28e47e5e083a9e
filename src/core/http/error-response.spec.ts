import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { AppError, invalidFields } from '../errors.js';
import { answerFor, toAppError } from './error-response.js';

const system = (code: string) => Object.assign(new Error(`${code}: /secret/path`), { code });

describe('an error on its way out', () => {
  it.each([
    ['malformed', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['stale', 412],
    ['too_large', 413],
    ['unsupported_media_type', 415],
    ['misdirected', 421],
    ['invalid', 422],
    ['precondition_required', 428],
    ['rate_limited', 429],
    ['internal', 500],
    ['unavailable', 503],
    ['disk_full', 507],
  ] as const)('of the kind %s has the status %d', (kind, status) => {
    const answer = answerFor(new AppError(kind, 'SOME_CODE', 'A sentence.', { a: 1 }), 'request-1');
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      code: 'SOME_CODE',
      message: 'A sentence.',
      details: { a: 1 },
      request_id: 'request-1',
    });
  });

  it('tells when to come again', () => {
    const error = new AppError('rate_limited', 'SLOW_DOWN', 'Wait.', { retry_after_seconds: 1.2 });
    expect(answerFor(error, 'x').headers).toEqual({ 'retry-after': '2' });
  });

  it('tells nothing of what was not meant for anybody', () => {
    for (const error of [new Error('password=hunter2'), system('EACCES'), 'text', null, undefined, 7, {}]) {
      const { kind, message, details } = toAppError(error);
      expect([kind, details]).toEqual(['internal', {}]);
      expect(message).not.toMatch(/hunter2|secret/);
    }
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['SQLITE_FULL', 'disk_full'],
    ['SQLITE_BUSY', 'unavailable'],
  ])('knows %s', (code, kind) => {
    expect(toAppError(system(code)).kind).toBe(kind);
    expect(toAppError(system(code)).message).not.toContain('/secret/path');
  });

  it("speaks in AiKore's own words where a framework has refused", () => {
    expect(toAppError(new BadRequestException('Unexpected token < in JSON')).message).not.toContain(
      'token <',
    );
    expect(toAppError(new NotFoundException('Cannot GET /x'))).toMatchObject({ code: 'NO_SUCH_ROUTE' });
    expect(toAppError(Object.assign(new Error('x'), { statusCode: 413 })).code).toBe('BODY_TOO_LARGE');
    expect(toAppError(Object.assign(new Error('x'), { statusCode: 500 })).kind).toBe('internal');
  });
});

describe('invalid fields', () => {
  it('are told in one sentence when there is one, by name when there are more', () => {
    expect(invalidFields({ port: 'It is taken.' }).message).toBe('port: It is taken.');
    const several = invalidFields({ a: 'x', b: 'y' });
    expect(several.message).toBe('2 values need a change: a, b.');
    expect(several.details).toEqual({ a: 'x', b: 'y' });
  });
});
