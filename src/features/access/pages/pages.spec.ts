import { describe, expect, it } from '@jest/globals';
import { Script } from 'node:vm';
import type { RouteState } from '../access.ports.js';
import { ownFileAnswer, versioned } from '../assets/own-files.js';
import { notFoundPage, signInPage, unknownHostPage } from './plain-pages.js';
import { startingPage, startingState } from './starting-page.js';

const route: RouteState = {
  instanceId: 1,
  slug: 'app',
  port: 1,
  mode: 'strip',
  isShimInjected: true,
  name: '<b>"App"</b>',
  status: 'starting',
  statusReason: 'Waits for <its> port.',
  phase: 'Installing <torch>',
  lastLines: () => Promise.resolve(['\u001b[31m<script>alert(1)</script>\u001b[0m']),
};

describe('own pages', () => {
  it('show the live state as text only', async () => {
    const html = startingPage('/instance/app', await startingState(route, false), 'http://box:9000');
    expect(html).toContain('&lt;b&gt;&quot;App&quot;&lt;/b&gt; is starting');
    expect(html).toContain('Installing &lt;torch&gt;');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).toContain('<noscript><meta http-equiv="refresh"');
  });

  it('stand without a readable log', async () => {
    const state = await startingState({ ...route, lastLines: () => Promise.reject(new Error('gone')) }, true);
    expect(state).toMatchObject({ lines: [], is_answering: true, status: 'starting' });
  });

  it('escape the host that a stranger sent', () => {
    expect(unknownHostPage('"><script>')).toContain('&quot;&gt;&lt;script&gt;');
    expect(unknownHostPage('evil')).toContain('AIKORE_ALLOWED_HOSTS');
  });

  it('carry no inline script or style', () => {
    for (const html of [signInPage('http://d'), notFoundPage('http://d'), unknownHostPage('h')]) {
      expect(html).not.toMatch(/<script(?! src=)|<style|\sstyle=|\son\w+=/);
    }
  });
});

describe('own files', () => {
  it.each(['shim.js', 'starting.js', 'sign-in.js'])('%s is a script that parses', (name) => {
    const answer = ownFileAnswer(name, undefined);
    expect(() => new Script(answer?.body ?? ')')).not.toThrow();
  });

  it('may be kept for ever under their version, and are revalidated without it', () => {
    const pinned = ownFileAnswer(versioned('shim.js'), undefined);
    expect(pinned?.headers['Cache-Control']).toContain('immutable');
    expect(ownFileAnswer('shim.js', undefined)?.headers['Cache-Control']).toBe('no-cache');
    expect(ownFileAnswer('shim.js', pinned?.headers['ETag'])?.status).toBe(304);
    expect(ownFileAnswer('other.js', undefined)).toBeNull();
    expect(ownFileAnswer('constructor', undefined)).toBeNull();
  });
});
