import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { readConfig } from './config.js';
import { ConfigError } from './readers.js';

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('the configuration', () => {
  it('has defaults for everything, also where a variable is empty', () => {
    const defaults = readConfig({});
    expect(defaults).toEqual({
      dataDir: resolve('data'),
      host: '127.0.0.1',
      port: 9000,
      appsPort: 9001,
      instancePortRange: { first: 19_001, last: 19_020 },
      password: null,
      token: null,
      publicUrl: null,
      appsPublicUrl: null,
      allowedHosts: [],
      trustedProxies: [],
      tls: null,
      proxy: 'auto',
      isAuthOn: true,
      stalledAfterSeconds: 180,
      stopGraceSeconds: 10,
      logMaxBytes: 2048 * 1024 * 1024,
      isKeepInstances: false,
      displayServer: 'auto',
      appUser: null,
      readyFile: null,
      isVerbose: false,
    });
    expect(readConfig({ AIKORE_PORT: '', AIKORE_TOKEN: '', AIKORE_AUTH: '' })).toEqual(defaults);
  });

  it('reads what is set', () => {
    expect(
      readConfig({
        AIKORE_DATA_DIR: '/srv/aikore',
        AIKORE_HOST: '0.0.0.0',
        AIKORE_PORT: '0',
        AIKORE_APPS_PORT: '0',
        AIKORE_INSTANCE_PORT_RANGE: '20000-20000',
        AIKORE_PASSWORD: ' with spaces ',
        AIKORE_TOKEN: 'x'.repeat(16),
        AIKORE_PUBLIC_URL: 'https://aikore.example.org',
        AIKORE_APPS_PUBLIC_URL: 'https://apps.example.org:8443/',
        AIKORE_ALLOWED_HOSTS: ' Box.lan , 10.0.0.7,,fd00::1 ',
        AIKORE_TRUSTED_PROXIES: ' 127.0.0.1, 172.16.0.0/12,fd00::/8, ',
        AIKORE_STALLED_AFTER: '1',
        AIKORE_STOP_GRACE: '0',
        AIKORE_KEEP_INSTANCES: '1',
        AIKORE_READY_FILE: '/run/ready',
        AIKORE_VERBOSE: '1',
        AIKORE_PROXY: 'embedded',
        AIKORE_DISPLAY_SERVER: 'none',
        AIKORE_APP_USER: '1000:1000,44',
      }),
    ).toMatchObject({
      dataDir: '/srv/aikore',
      host: '0.0.0.0',
      port: 0,
      appsPort: 0,
      instancePortRange: { first: 20_000, last: 20_000 },
      password: ' with spaces ',
      token: 'x'.repeat(16),
      publicUrl: new URL('https://aikore.example.org/'),
      appsPublicUrl: new URL('https://apps.example.org:8443/'),
      allowedHosts: ['box.lan', '10.0.0.7', 'fd00::1'],
      trustedProxies: ['127.0.0.1', '172.16.0.0/12', 'fd00::/8'],
      stalledAfterSeconds: 1,
      stopGraceSeconds: 0,
      isKeepInstances: true,
      readyFile: '/run/ready',
      isVerbose: true,
      appUser: { uid: 1000, gid: 1000, groups: [44] },
    });
  });

  const bad: Record<string, string[]> = {
    AIKORE_HOST: ['not a host', 'a_b', '1.2.3.4:80', '-x', 'http://x'],
    AIKORE_PORT: ['65536', '-1', '80a', '1.5', ' 80', '0x50', '9001', '1e3', '19001'],
    AIKORE_APPS_PORT: ['65536', 'x', '9000', '19020'],
    AIKORE_APP_USER: ['abc', '0:0', '1000'],
    AIKORE_INSTANCE_PORT_RANGE: ['19001', '1-10', '20-10', '2000-1999', '60000-70000', 'a-b', '2000 - 2010'],
    AIKORE_PASSWORD: ['with\u0007control', 'x'.repeat(1025)],
    AIKORE_TOKEN: ['short', 'with\ncontrol-characters', 'x'.repeat(1025)],
    AIKORE_PUBLIC_URL: [
      'example.org',
      'ftp://x',
      'https://x/path',
      'https://u:p@x',
      'https://x?q',
      'https://x#f',
      '//x',
    ],
    AIKORE_APPS_PUBLIC_URL: ['nonsense', 'javascript:alert(1)'],
    AIKORE_ALLOWED_HOSTS: ['a b', 'http://x', 'x:80', '*', 'a,b_c'],
    AIKORE_AUTH: ['no', 'OFF', 'true'],
    AIKORE_DISPLAY_SERVER: ['x11', 'TigerVNC'],
    AIKORE_PROXY: ['apache', 'NGINX'],
    AIKORE_STALLED_AFTER: ['0', '-1', '90000', 'x', '1.5'],
    AIKORE_STOP_GRACE: ['-1', '3601', 'x'],
    AIKORE_KEEP_INSTANCES: ['yes', 'true', '2'],
    AIKORE_VERBOSE: ['yes'],
    AIKORE_TRUSTED_PROXIES: [
      'proxy.lan',
      '10.0.0.1:80',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '*',
      '10.0.0.1;',
    ],
    AIKORE_TLS_CERT: ['/x.pem'],
    AIKORE_TLS_KEY: ['/x.key'],
  };
  it.each(Object.entries(bad).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    '%s=%j is refused by one line that names it',
    (name, value) => {
      const message = refusal({ [name]: value });
      expect(message).toMatch(/^AIKORE_[A-Z_]+ [^\n]+\.$/);
      expect(message).toContain(name);
      const isSecret = name === 'AIKORE_PASSWORD' || name === 'AIKORE_TOKEN';
      if (isSecret) expect(message).not.toContain(value);
    },
  );

  it('takes the sign-in away on loopback only', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost']) {
      expect(readConfig({ AIKORE_AUTH: 'off', AIKORE_HOST: host }).isAuthOn).toBe(false);
    }
    for (const host of ['0.0.0.0', '::', '192.168.0.2', 'box.lan', '127.0.0.1.example.org']) {
      expect(refusal({ AIKORE_AUTH: 'off', AIKORE_HOST: host })).toMatch(/^AIKORE_AUTH=off/);
    }
  });
});
