import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorBody } from '../../../contracts/errors.js';
import type { Requirement } from '../../../core/auth/gate.js';
import { requirementOf } from '../../access-matrix.js';
import { ROUTE_ERRORS } from './route-errors.js';
import type { Refusals } from './route-errors.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Operation['responses'];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** What statuses mean wherever they come from; docs/api.md says it at more length. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'It cannot be understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not there',
  409: 'It does not go with the present state',
  412: 'Somebody else changed it since that If-Match',
  413: 'Too large',
  415: 'Bodies are JSON',
  422: 'Values that are none; `details` has a sentence for each field',
  428: 'If-Match is missing',
  429: 'Too many at once',
  503: 'A part is absent or busy',
  504: 'It took too long',
  507: 'The disk is full',
};

const ERROR_PROPERTIES: Record<keyof ErrorBody, object> = {
  code: { type: 'string', description: 'Stable, for programs', example: 'INSTANCE_NAME_TAKEN' },
  message: { type: 'string', description: 'A sentence or two for a person' },
  details: { type: 'object', additionalProperties: true, description: 'By field when values are none' },
  request_id: { type: 'string', description: 'AiKore’s log and its audit log have it too' },
};

/** Says of every operation which scope it needs and how it may refuse. Changes the document that it is given. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas['Error'] = {
    type: 'object',
    properties: ERROR_PROPERTIES,
    required: Object.keys(ERROR_PROPERTIES),
  };
  for (const [path, item] of Object.entries(document.paths)) {
    const pattern = path.replace(/\{(\w+)\}/g, ':$1');
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(operation, method.toUpperCase(), pattern);
    }
  }
  return document;
}

function complete(operation: Operation, method: string, pattern: string): void {
  const requirement = requirementOf(method, pattern) ?? 'read';
  const isPublic = requirement === 'public';
  const scope = isPublic ? 'Needs no sign-in.' : `Scope: \`${requirement}\`.`;
  operation.description = [operation.description, scope].filter(Boolean).join('\n\n');
  operation.security = isPublic ? [] : [{ bearer: [] }, { cookie: [] }];
  const asked = { method, pattern, requirement, hasBody: operation.requestBody !== undefined };
  const refusals = allOf([refusalsByShape(asked), ROUTE_ERRORS[`${method} ${pattern}`] ?? {}]);
  operation.responses = { ...operation.responses, ...describe(refusals) };
}

interface Asked {
  method: string;
  pattern: string;
  requirement: Requirement;
  hasBody: boolean;
}

/** What every route of a kind refuses, before its own code runs. */
function refusalsByShape({ method, pattern, requirement, hasBody }: Asked): Refusals {
  const isUnsafe = method !== 'GET';
  const foreign = isUnsafe ? ['FOREIGN_ORIGIN'] : [];
  return {
    ...(hasBody
      ? { 400: ['BAD_JSON'], 413: ['BODY_TOO_LARGE'], 415: ['NOT_JSON'], 422: ['VALIDATION_FAILED'] }
      : {}),
    ...(requirement === 'public'
      ? { 403: foreign }
      : { 401: ['NOT_SIGNED_IN'], 403: [...(requirement === 'read' ? [] : ['SCOPE_MISSING']), ...foreign] }),
    ...(pattern.startsWith('/api/instances/:id') ? { 404: ['INSTANCE_NOT_FOUND'] } : {}),
    ...(pattern.startsWith('/api/auth/sessions/:id') ? { 404: ['SESSION_NOT_FOUND'] } : {}),
    ...(pattern.startsWith('/api/auth/tokens/:id') ? { 404: ['TOKEN_NOT_FOUND'] } : {}),
  };
}

function allOf(parts: readonly Refusals[]): Refusals {
  const all: Partial<Record<number, string[]>> = {};
  for (const part of parts) {
    for (const [status, codes = []] of Object.entries(part))
      all[Number(status)] = [...new Set([...(all[Number(status)] ?? []), ...codes])];
  }
  return all;
}

function describe(refusals: Refusals): Responses {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(
    Object.entries(refusals)
      .filter(([, codes = []]) => codes.length > 0)
      .map(([status, codes = []]) => {
        const names = codes.map((code) => `\`${code}\``).join(', ');
        return [status, { description: `${MEANINGS[Number(status)] ?? 'Refused'}: ${names}`, content }];
      }),
  );
}
