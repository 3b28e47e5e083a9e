import { describe, expect, it } from '@jest/globals';
import { ACCESS_MATRIX } from '../access-matrix.js';
import { CHANGES_NOTHING, describeRequest, isAudited } from './audit-actions.js';
import type { AuditedRequest } from './audit-actions.js';

const names = {
  instance: (id: number) => (id === 3 ? 'Comfy' : null),
  token: () => 'nightly',
  session: () => '192.0.2.1',
};
const request = (more: Partial<AuditedRequest> = {}): AuditedRequest => ({
  params: {},
  query: {},
  body: {},
  ...more,
});
const routeOf = (key: string): [string, string] => {
  const [method = '', pattern = ''] = key.split(' ');
  return [method, pattern];
};

describe('the words of the audit log', () => {
  const changing = Object.keys(ACCESS_MATRIX).filter(
    (key) => !key.startsWith('GET ') && !CHANGES_NOTHING.has(key),
  );

  it.each(changing)('has a word for %s', (key) => {
    const [method, pattern] = routeOf(key);
    expect(isAudited(method, pattern)).toBe(true);
    expect(describeRequest(method, pattern, request({ params: { id: '3' } }), names).action).toMatch(
      /^[a-z]+\.[a-z-]+(\.[a-z-]+)*$/,
    );
  });

  it('leaves out what only reads, but not the one-time link', () => {
    expect(isAudited('GET', '/api/instances')).toBe(false);
    expect(isAudited('HEAD', '/signin-link/:token')).toBe(false);
    expect(isAudited('GET', '/signin-link/:token')).toBe(true);
  });

  it('names the fields that were changed and never their values', () => {
    const subject = describeRequest(
      'PATCH',
      '/api/instances/:id',
      request({ params: { id: '3' }, body: { env: { HF_TOKEN: 'hf_secret' }, autostart: true } }),
      names,
    );
    expect(subject).toEqual({
      action: 'instance.change',
      target: 'Comfy',
      instanceId: 3,
      detail: 'env, autostart',
    });
    expect(
      JSON.stringify(
        describeRequest(
          'PUT',
          '/api/auth/password',
          request({ body: { password: 'one', current_password: 'two' } }),
          names,
        ),
      ),
    ).not.toMatch(/one|two/);
  });

  it('has a word for routes of instances that come later', () => {
    const params = { id: '3' };
    const of = (method: string, pattern: string) =>
      describeRequest(method, pattern, request({ params }), names);
    expect(of('PUT', '/api/instances/:id/script')).toMatchObject({
      action: 'instance.script',
      target: 'Comfy',
    });
    expect(of('POST', '/api/hub/things')).toMatchObject({ action: 'POST /api/hub/things', target: null });
  });
});
