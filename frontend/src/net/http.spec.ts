import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError, parseRetryAfter, request } from './http.js';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

function answer(body: string, init: ResponseInit) {
  const spy = jest.fn<typeof fetch>().mockResolvedValue(new Response(body, init));
  globalThis.fetch = spy;
  return spy;
}

async function failure(): Promise<ApiError> {
  const error: unknown = await request({ path: '/api/x' }).catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError');
  return error;
}

describe('request', () => {
  it('sends JSON and answers data with the tag', async () => {
    const spy = answer('{"id":3}', { status: 200, headers: { etag: '"7"' } });
    const result = await request({
      method: 'PATCH',
      path: '/api/instances/3',
      body: { name: 'a' },
      ifMatch: '"6"',
    });
    expect(result).toEqual({ data: { id: 3 }, etag: '"7"' });
    const init = spy.mock.calls[0]![1]!;
    expect(init.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'if-match': '"6"',
    });
    expect(init.body).toBe('{"name":"a"}');
  });

  it('takes an empty answer as null', async () => {
    globalThis.fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    await expect(request({ path: '/api/x' })).resolves.toEqual({ data: null, etag: null });
  });

  it('takes an answer that breaks off for none', async () => {
    const broken = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"id":'));
        controller.error(new TypeError('network error'));
      },
    });
    globalThis.fetch = () => Promise.resolve(new Response(broken, { status: 200 }));
    const error = await failure();
    expect([error.status, error.code]).toEqual([0, 'UNREACHABLE']);
  });

  it('carries the words of the server', async () => {
    const body = {
      code: 'VALIDATION_FAILED',
      message: 'Wrong.',
      details: { name: 'Taken.', port: 3 },
      request_id: 'r1',
    };
    answer(JSON.stringify(body), { status: 422 });
    const error = await failure();
    expect([error.status, error.code, error.message, error.requestId]).toEqual([
      422,
      'VALIDATION_FAILED',
      'Wrong.',
      'r1',
    ]);
    expect([...error.fields]).toEqual([['name', 'Taken.']]);
  });

  it('makes words of its own for an answer that is not AiKore’s', async () => {
    answer('<html>Bad gateway</html>', { status: 502 });
    const error = await failure();
    expect([error.status, error.code]).toEqual([502, 'HTTP_502']);
    expect(error.message).toBe('The server answered 502 without saying why.');
  });

  it('says so when there is no server', async () => {
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
    const error = await failure();
    expect([error.status, error.code]).toEqual([0, 'UNREACHABLE']);
  });
});

describe('parseRetryAfter', () => {
  it('reads seconds and nothing else', () => {
    expect(['30', '0', '1.2', null, 'soon', '-4'].map(parseRetryAfter)).toEqual([30, 0, 2, null, null, null]);
  });
});
