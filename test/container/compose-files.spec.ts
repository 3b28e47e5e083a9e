import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { CONFINED } from '../support/docker/container.js';
import { REPOSITORY } from '../support/docker/dockerfile.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { OperatorTree, run } from '../support/docker/operator-tree.js';
import { readYaml } from '../support/structured.js';

const image = await useImage();

interface Service {
  cap_add?: string[];
  cap_drop?: string[];
  deploy?: { resources: { reservations: { devices: { driver: string; capabilities: string[] }[] } } };
  devices?: string[];
  environment: Record<string, string>;
  logging?: { driver: string; options: Record<string, string> };
  ports?: string[];
  privileged?: boolean;
  read_only?: boolean;
  restart?: string;
  security_opt?: string[];
  shm_size?: string;
  pids_limit?: number;
  tmpfs?: string[];
  volumes?: string[];
}

const COMBINATIONS = [
  '',
  'nvidia',
  'amd',
  'secrets',
  'dev',
  'nvidia secrets',
  'amd dev',
  'nvidia secrets dev',
];

let tree: OperatorTree;

/** What docker-compose makes of the files, given the settings of `.env`. */
async function compose(parts: readonly string[], env: Record<string, string> = {}): Promise<Service> {
  const files = ['docker-compose.yml', ...parts.map((part) => `docker-compose.${part}.yml`)];
  const { code, stdout, output } = await run(
    'docker-compose',
    [...files.flatMap((file) => ['-f', file]), 'config'],
    tree.folder,
    { AIKORE_PASSWORD_FILE: '/root/password', ...env },
  );
  if (code !== 0) throw new Error(output);
  return (readYaml(stdout) as { services: { aikore: Service } }).services.aikore;
}

describeWith(image)('the files of compose', () => {
  beforeAll(async () => {
    tree = await OperatorTree.make(image!);
  });

  it.each(COMBINATIONS)('are whole and confine as much with [%s]', async (names) => {
    const parts = names.split(' ').filter((name) => name !== '');
    const service = await compose(parts);
    const confined = [
      ...(service.cap_drop ?? []).map((name) => `--cap-drop=${name}`),
      ...(service.cap_add ?? []).map((name) => `--cap-add=${name}`),
      ...(service.security_opt ?? []).map((name) => `--security-opt=${name}`),
      service.read_only === true ? '--read-only' : '',
      ...(service.tmpfs ?? []).map((place) => `--tmpfs=${place}`),
    ];
    expect(confined).toEqual(CONFINED);
    expect(service.privileged).toBeUndefined();
    expect(service.restart).toBe('unless-stopped');
    expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
    expect(service.shm_size).toBe('2gb');
    expect(service.pids_limit).toBe(16_384);
    expect(
      (service.volumes ?? []).filter((volume) => /docker\.sock|:\/(etc|proc|sys)\b/.test(volume)),
    ).toEqual(parts.includes('dev') ? [expect.stringContaining('/etc/aikore/service/reload:ro')] : []);
  });

  it('publish the same numbers inside and outside, whatever they are', async () => {
    const service = await compose([], {
      AIKORE_BIND: '0.0.0.0',
      AIKORE_PORT: '8080',
      AIKORE_APPS_PORT: '8081',
      AIKORE_INSTANCE_PORT_RANGE: '18001-18002',
    });
    const ports = service.ports?.map((port) => port.replace('/tcp', ''));
    expect(ports).toEqual([
      '0.0.0.0:8080:8080',
      '0.0.0.0:8081:8081',
      '0.0.0.0:18001:18001',
      '0.0.0.0:18002:18002',
    ]);
    expect(service.environment).toMatchObject({
      AIKORE_PORT: '8080',
      AIKORE_APPS_PORT: '8081',
      AIKORE_INSTANCE_PORT_RANGE: '18001-18002',
    });
  });

  it('pass cards on, and nothing else of the machine', async () => {
    const nvidia = await compose(['nvidia']);
    expect(nvidia.deploy?.resources.reservations.devices).toEqual([
      { driver: 'nvidia', count: 'all', capabilities: expect.arrayContaining(['gpu', 'compute', 'utility']) },
    ]);
    expect(nvidia.devices).toBeUndefined();
    expect((await compose(['amd'])).devices?.sort()).toEqual(['/dev/dri:/dev/dri', '/dev/kfd:/dev/kfd']);
  });

  it('bring a password in a file, and not into the environment', async () => {
    const service = await compose(['secrets']);
    expect(service.environment['AIKORE_PASSWORD_FILE']).toBe('/run/secrets/aikore_password');
    expect(service.environment['AIKORE_PASSWORD']).toBe('');
    expect(JSON.stringify(service.volumes)).toContain('/root/password');
  });
});

describe('the settings', () => {
  it('are named in .env.example, all that compose asks for', () => {
    const read = (name: string) => readFileSync(`${REPOSITORY}/${name}`, 'utf8');
    const asked = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    const named = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(new Set(asked).size).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((name) => !named.includes(name))).toEqual([]);
  });
});
