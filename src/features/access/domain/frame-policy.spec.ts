import { describe, expect, it } from '@jest/globals';
import { frameAncestors } from './frame-policy.js';

describe('who may show a page in a frame', () => {
  it.each([
    ['http://127.0.0.1:9000', "'self' http://127.0.0.1:9000"],
    ['https://aikore.example.org', "'self' https://aikore.example.org"],
    ['http://[::1]:9000', "'self' http://*:9000"],
    ['http://ev;il:9000', "'self'"],
    ['nonsense', "'self'"],
  ])('of the dashboard %s: %s', (dashboard, sources) => {
    expect(frameAncestors(dashboard)).toBe(sources);
  });
});
