import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../errors.js';
import { createHostPolicy } from './host-policy.js';

const policy = createHostPolicy({
  config: {
    allowedHosts: ['gpu-box.lan'],
    publicUrl: new URL('https://aikore.example.org'),
    appsPublicUrl: new URL('https://apps.example.org:8443'),
  },
  machineName: 'Workstation.home.arpa',
  isInstanceHostname: (name) => ['comfy.lan', 'forge.lan', 'kohya.example.net'].includes(name),
});

describe('createHostPolicy', () => {
  it.each([
    '127.0.0.1:9000',
    '10.0.0.5',
    '[::1]:9000',
    '[2001:db8::5]',
    'localhost:9000',
    'LOCALHOST',
    'comfy.localhost:9001',
    'workstation',
    'WORKSTATION.home.arpa:9000',
    'workstation.local:9000',
    'gpu-box.lan:80',
    'aikore.example.org',
    'apps.example.org:8443',
    'comfy.lan',
    'forge.lan:9000',
    'kohya.example.net',
  ])('accepts %s', (host) => {
    expect(policy.accepts(host)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'rebind.test:9000',
    'aikore.example.org.',
    'aikore.example.org.evil.example',
    'xlocalhost',
    'localhost.evil.example',
    'evil@localhost',
    'localhost,evil.example',
    '127.0.0.1.evil.example',
    '2130706433',
    '0x7f000001',
    '127.1',
    'evilgpu-box.lan',
    'home.arpa',
    'workstation.evil.example',
  ])('refuses %p', (host) => {
    expect(policy.accepts(host)).toBe(false);
  });

  it('refuses by 421 with a sentence that names the variable, and repeats only what is a host name', () => {
    const errorFor = (host: string): AppError => {
      try {
        policy.require(host);
      } catch (error) {
        if (error instanceof AppError) return error;
      }
      throw new Error('nothing was thrown');
    };
    expect(errorFor('evil.example:9000')).toMatchObject({ kind: 'misdirected', code: 'UNKNOWN_HOST' });
    expect(errorFor('evil.example:9000').message).toMatch(/"evil\.example".*AIKORE_ALLOWED_HOSTS/);
    expect(errorFor('<script>alert(1)</script>').message).not.toContain('<');
    expect(() => policy.require('localhost')).not.toThrow();
  });

  it('never throws and never accepts a name with something added to an accepted one', () => {
    const suffix = fc.string({ minLength: 1 }).filter((text) => !/^:[0-9]{1,5}$/.test(text));
    fc.assert(
      fc.property(suffix, (more) => !policy.accepts(`gpu-box.lan${more}`)),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.domain(), (name) => !policy.accepts(name) || name.endsWith('.localhost')));
  });

  it('asks for the hostnames of instances each time', () => {
    const names: string[] = [];
    const live = createHostPolicy({
      config: { allowedHosts: [], publicUrl: null, appsPublicUrl: null },
      machineName: '',
      isInstanceHostname: (name) => names.includes(name),
    });
    expect(live.accepts('late.lan')).toBe(false);
    names.push('late.lan');
    expect(live.accepts('late.lan')).toBe(true);
  });
});
