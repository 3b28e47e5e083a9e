import type { ErrorBody } from '../../../src/contracts/errors.js';

const TIMEOUT_MS = 30_000;

/** A call that did not succeed: the server's own words, or ours when there was no server to speak. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly requestId: string | null = null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Sentences by field, for a form. Empty unless the server found fault with values, such as a port that is taken. */
  get fields(): Map<string, string> {
    const entries = Object.entries(this.details).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    });
    const isAboutFields = this.status === 422 || this.status === 400 || /^PORT_/.test(this.code);
    return new Map(isAboutFields ? entries : []);
  }
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  ifMatch?: string | null;
  /** 30 seconds unless told otherwise. */
  timeoutMs?: number;
  /** Ends the call from outside; it then fails with the code `CANCELLED`. */
  signal?: AbortSignal;
}

export interface HttpAnswer {
  data: unknown;
  etag: string | null;
}

/**
 * The one caller of `fetch`.
 * @throws ApiError always, whatever went wrong; status 0 when the server was not reached.
 */
export async function request(call: HttpRequest): Promise<HttpAnswer> {
  const response = await send(call);
  const text = await readText(response, call);
  if (!response.ok) throw answerError(response.status, text, (name) => response.headers.get(name));
  return { data: parseJson(text), etag: response.headers.get('etag') };
}

/** The text of a file of the page itself, or null when the server does not hand it out. */
export async function fetchText(path: string): Promise<string | null> {
  try {
    const response = await send({ path });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

async function send(call: HttpRequest): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.ifMatch) headers['if-match'] = call.ifMatch;
  const timeout = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  try {
    return await fetch(call.path, {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
    });
  } catch {
    throw unreachedError(call.signal);
  }
}

/** The connection may break, or the time be over, in the middle of an answer: half of one is none. */
async function readText(response: Response, call: HttpRequest): Promise<string> {
  try {
    return await response.text();
  } catch {
    throw unreachedError(call.signal);
  }
}

/** No answer came: because somebody ended the call, or because there was no server. */
export function unreachedError(signal?: AbortSignal): ApiError {
  if (signal?.aborted === true) return new ApiError(0, 'CANCELLED', 'The call was cancelled.');
  return new ApiError(
    0,
    'UNREACHABLE',
    'AiKore does not answer. Nothing was changed as far as this page knows.',
  );
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** What an answer that is no success says. */
export function answerError(status: number, text: string, header: (name: string) => string | null): ApiError {
  const data = parseJson(text);
  const body = isErrorBody(data) ? data : null;
  return new ApiError(
    status,
    body?.code ?? `HTTP_${String(status)}`,
    body?.message ?? `The server answered ${String(status)} without saying why.`,
    body?.details ?? {},
    body?.request_id ?? header('x-request-id'),
    parseRetryAfter(header('retry-after')),
  );
}

function isErrorBody(data: unknown): data is Partial<ErrorBody> & { code: string; message: string } {
  if (typeof data !== 'object' || data === null) return false;
  const body = data as Record<string, unknown>;
  const hasDetails =
    body.details === undefined || (typeof body.details === 'object' && body.details !== null);
  return typeof body.code === 'string' && typeof body.message === 'string' && hasDetails;
}

/** Seconds; the date form of the header (RFC 9110, 10.2.3) is not used by AiKore and counts as absent. */
export function parseRetryAfter(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : null;
}
