import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type { SystemInfo } from '../../src/contracts/system.js';
import { TOKEN } from '../support/aikore-process.js';
import { makeCertificate } from '../support/certificates.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { TlsClient } from '../support/tls-client.js';
import { waitFor } from '../support/wait.js';

const NGINX = '/usr/sbin/nginx';
const PASSWORD = 'correct horse battery staple';
const PLACES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** What the documentation tells operators to write, with nothing changed but ports and files. */
function snippet(): string {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
  return /```nginx\n(.*?)```/s.exec(page)?.[1] ?? '';
}

(existsSync(NGINX) ? describe : describe.skip)('behind NGINX, as docs/configuration.md has it', () => {
  let nginx: ChildProcess | undefined;
  // Before the lab's own, which wants nothing to be left.
  afterAll(async () => {
    if (nginx?.kill('SIGTERM') === true) await once(nginx, 'exit');
  });
  const lab = useLab();
  const certificate = makeCertificate(lab.root, 'nginx');
  let dashboard: TlsClient;
  let apps: TlsClient;
  let instance: Instance;

  const configuration = (folder: string, listen: number, port: number, appsPort: number): string => {
    const server = snippet()
      .replace('listen 443 ssl', `listen 127.0.0.1:${listen} ssl`)
      .replace('/etc/ssl/ai.example.org.pem', certificate.certFile)
      .replace('/etc/ssl/ai.example.org.key', certificate.keyFile)
      .replace(/\b9000;/, `${port};`)
      .replace(/\b9001;/, `${appsPort};`);
    const paths = PLACES.map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n');
    return `user root;\nworker_processes 1;\ndaemon off;\npid ${join(folder, 'pid')};\nerror_log stderr;
events {}\nhttp {\naccess_log off;\n${paths}\n${server}\n}\n`;
  };

  beforeAll(async () => {
    const [port, appsPort, listen] = [await freePort(), await freePort(), await freePort()];
    await lab.start({
      AIKORE_PASSWORD: PASSWORD,
      AIKORE_PORT: String(port),
      AIKORE_APPS_PORT: String(appsPort),
      AIKORE_PUBLIC_URL: 'https://ai.example.org',
      AIKORE_APPS_PUBLIC_URL: 'https://apps.example.org',
      AIKORE_TRUSTED_PROXIES: '127.0.0.1',
    });
    const folder = join(lab.root, 'proxy');
    mkdirSync(folder);
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, listen, port, appsPort));
    nginx = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
      stdio: 'ignore',
    });
    dashboard = new TlsClient(listen, certificate.ca, 'ai.example.org', true);
    apps = new TlsClient(listen, certificate.ca, 'apps.example.org', true);
    const isUp = (): Promise<boolean> =>
      dashboard.send('GET', '/api/status').then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitFor('NGINX passes on', isUp);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const body = { name: 'Teller', base_blueprint: 'tells-headers.sh', port: await freePort() };
    instance = JSON.parse(
      (await dashboard.send('POST', '/api/instances', { headers, body })).body,
    ) as Instance;
    await dashboard.send('POST', `/api/instances/${instance.id}/start`, { headers });
  });

  it('people sign in, hear of what happens and find their applications', async () => {
    const { cookie, setCookie } = await dashboard.signIn(PASSWORD);
    expect(setCookie).toMatch(/^__Host-aikore_session=.*; Secure$/);
    const own = { cookie, origin: dashboard.origin };
    expect(String(await dashboard.hear('/api/events', own))).toContain('snapshot');
    expect(await dashboard.hear('/api/events', { ...own, origin: 'https://evil.example' })).toBe(403);
    const info = JSON.parse(
      (await dashboard.send('GET', '/api/system/info', { headers: { cookie } })).body,
    ) as SystemInfo;
    expect([info.dashboard_url, info.apps_url]).toEqual([
      'https://ai.example.org',
      'https://apps.example.org',
    ]);
    expect(instance.url).toBe('https://apps.example.org/instance/teller/');
  });

  it('applications hear the truth, whatever the browser claims', async () => {
    const claims = {
      'x-forwarded-for': '1.1.1.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
    };
    const headers = { authorization: `Bearer ${TOKEN}`, ...claims };
    const told = await waitFor('the application answers', async () => {
      const answer = await apps.send('GET', '/instance/teller/', { headers });
      return answer.status === 200 && (JSON.parse(answer.body) as Record<string, string>);
    });
    expect(told).toMatchObject({
      host: 'apps.example.org',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'apps.example.org',
    });
  });
});
