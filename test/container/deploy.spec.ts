import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONFINED } from '../support/docker/container.js';
import { REPOSITORY } from '../support/docker/dockerfile.js';
import { readXml, readYaml, readYamlDocuments } from '../support/structured.js';

const DEPLOY = join(REPOSITORY, 'docs/deploy');
const read = (...path: string[]): string => readFileSync(join(DEPLOY, ...path), 'utf8');

const CAPABILITIES = CONFINED.flatMap((option) => /^--cap-add=(.+)/.exec(option)?.[1] ?? []);
const dockerfile = readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8');
const configuration = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8');
const EXPOSED = (/^EXPOSE (.+)$/m.exec(dockerfile)?.[1] ?? '').split(' ');

/** Whether AiKore or the container reads a variable, according to its documentation. */
const isKnown = (name: string): boolean =>
  ['PUID', 'PGID', 'TZ'].includes(name) || configuration.includes(`\`${name}\``);

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

interface PodContainer {
  name: string;
  env: { name: string }[];
  ports: { name: string; containerPort: number }[];
  securityContext: {
    capabilities: object;
    allowPrivilegeEscalation: boolean;
    readOnlyRootFilesystem: boolean;
  };
  startupProbe: { exec: { command: string[] } };
  readinessProbe: { exec: { command: string[] } };
  livenessProbe?: object;
  volumeMounts: { name: string; mountPath: string }[];
}

interface Pod {
  terminationGracePeriodSeconds: number;
  automountServiceAccountToken: boolean;
  containers: PodContainer[];
  volumes: { name: string }[];
}

describe('the files for Kubernetes', () => {
  const manifests = readYamlDocuments(read('kubernetes/aikore.yaml')) as Manifest[];
  const ofKind = (kind: string): Manifest => manifests.find((manifest) => manifest.kind === kind)!;
  const set = ofKind('StatefulSet').spec as {
    replicas: number;
    serviceName: string;
    selector: { matchLabels: object };
    template: { metadata: { labels: object }; spec: Pod };
    volumeClaimTemplates: { metadata: { name: string } }[];
  };
  const pod = set.template.spec;
  const [container] = pod.containers;

  it('are of known kinds, each with what makes it one', () => {
    expect(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 Service',
      'apps/v1 StatefulSet',
      'networking.k8s.io/v1 Ingress',
    ]);
    for (const { metadata } of manifests) expect(metadata.name).toBe('aikore');
  });

  it('run one AiKore, confined as compose confines it', () => {
    expect(set.replicas).toBe(1);
    expect(container?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: CAPABILITIES },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it('give it the places that it writes to, and no others', () => {
    const mounts = container?.volumeMounts.map(({ mountPath }) => mountPath).sort();
    expect(mounts).toEqual(['/config', '/dev/shm', '/run', '/tmp']);
    const volumes = [...pod.volumes, ...set.volumeClaimTemplates.map(({ metadata }) => metadata)];
    for (const { name } of container?.volumeMounts ?? [])
      expect(volumes.map((volume) => volume.name)).toContain(name);
  });

  it('name the ports of the image, and lead to them', () => {
    const ports = container?.ports.map(({ containerPort }) => String(containerPort));
    expect(EXPOSED).toEqual(expect.arrayContaining(ports ?? []));
    const names = container?.ports.map(({ name }) => name);
    const service = ofKind('Service').spec as { ports: { targetPort: string }[]; selector: object };
    expect(service.ports.map(({ targetPort }) => targetPort)).toEqual(names);
    expect(service.selector).toEqual(set.selector.matchLabels);
    expect(set.template.metadata.labels).toEqual(set.selector.matchLabels);
    const ingress = JSON.stringify(ofKind('Ingress').spec);
    for (const name of names ?? []) expect(ingress).toContain(`"name":"${name}"`);
  });

  it('ask with the image’s own program whether it is well, and do not end instances when it is not', () => {
    for (const probe of [container?.startupProbe, container?.readinessProbe])
      expect(probe?.exec.command).toEqual(['aikore-health']);
    expect(container?.livenessProbe).toBeUndefined();
  });

  it('wait longer for its end than instances may take', () => {
    const grace = container?.env.find(({ name }) => name === 'AIKORE_STOP_GRACE') as
      { value: string } | undefined;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(grace?.value) + 15);
  });

  it('set variables that AiKore knows', () => {
    expect(container?.env.map(({ name }) => name).filter((name) => !isKnown(name))).toEqual([]);
  });

  it('are all named in the kustomization, patches as a choice', () => {
    const kustomization = readYaml(read('kubernetes/kustomization.yaml')) as { resources: string[] };
    expect(kustomization.resources).toEqual(['aikore.yaml']);
    for (const name of readdirSync(join(DEPLOY, 'kubernetes')))
      if (name !== 'kustomization.yaml') expect(read('kubernetes/kustomization.yaml')).toContain(name);
  });

  it.each(['nvidia.yaml', 'amd.yaml', 'restricted.yaml'])('have a patch that fits: %s', (name) => {
    const patch = readYaml(read('kubernetes', name)) as Manifest & { spec: typeof set };
    expect([patch.kind, patch.metadata.name]).toEqual(['StatefulSet', 'aikore']);
    expect(patch.spec.template.spec.containers.map((part) => part.name)).toEqual([container?.name]);
  });
});

describe('the template for Unraid', () => {
  const template = readXml(read('unraid/aikore.xml'));
  const textOf = (name: string): string => template.children.find((child) => child.name === name)?.text ?? '';
  const settings = template.children
    .filter(({ name }) => name === 'Config')
    .map(({ attributes }) => attributes);
  const ofType = (type: string) => settings.filter((setting) => setting['Type'] === type);

  it('is of the second version, not privileged, and has what the page of Docker asks for', () => {
    expect(template.attributes['version']).toBe('2');
    expect(textOf('Privileged')).toBe('false');
    for (const name of ['Name', 'Repository', 'Network', 'Overview', 'WebUI', 'ExtraParams'])
      expect(textOf(name)).not.toBe('');
    for (const setting of settings)
      expect(Object.keys(setting).sort()).toEqual(
        ['Default', 'Description', 'Display', 'Mask', 'Mode', 'Name', 'Required', 'Target', 'Type'].sort(),
      );
  });

  it('confines as compose does', () => {
    // `--tmpfs /run` there, `--tmpfs=/run` here.
    const given = textOf('ExtraParams').replaceAll('--tmpfs ', '--tmpfs=').split(' ');
    expect(given).toEqual(expect.arrayContaining(CONFINED));
    expect(given.filter((option) => /privileged$|--cap-add/.test(option))).toHaveLength(CAPABILITIES.length);
  });

  it('publishes the ports of the image and mounts its volume', () => {
    expect(ofType('Port').map((setting) => setting['Target'])).toEqual(EXPOSED);
    expect(textOf('WebUI')).toContain(`[PORT:${EXPOSED[0]}]`);
    expect(ofType('Path').map((setting) => setting['Target'])).toContain('/config');
    expect(dockerfile).toContain('VOLUME /config');
  });

  it('sets variables that AiKore knows, and hides the password', () => {
    const variables = ofType('Variable');
    expect(variables.map((setting) => setting['Target'] ?? '').filter((name) => !isKnown(name))).toEqual([]);
    expect(variables.find((setting) => setting['Target'] === 'AIKORE_PASSWORD')?.['Mask']).toBe('true');
  });
});

describe('the page about deploying', () => {
  it('names files that are there, and every argument of the build', () => {
    const page = read('README.md');
    for (const [, link] of page.matchAll(/\]\((?!http|#)([^)#]+)/g)) expect(readable(link ?? '')).toBe(true);
    const args = new Set([...dockerfile.matchAll(/^ARG ([A-Z0-9_]+)/gm)].map(([, name]) => name ?? ''));
    const missing = [...args].filter((name) => !page.includes(name) && !/_SHA256_ARM64$/.test(name));
    expect(missing).toEqual([]);
  });
});

function readable(link: string): boolean {
  try {
    return readFileSync(join(DEPLOY, link)).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
