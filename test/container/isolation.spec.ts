import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOKEN } from '../support/aikore-process.js';
import { probe } from '../support/container-prober.js';
import type { ProbeReport } from '../support/container-prober.js';
import { startContainer } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { describeWith, useImage } from '../support/docker/image.js';

const image = await useImage();
const PASSWORD = 'a password that nobody is told';

/** What it may do to processes of its own, and what is refused with any other. */
const TO_OWN = [
  'environment',
  'memory',
  'maps',
  'descriptors',
  'output',
  'folder',
  'root',
  'program',
  'debugger',
  'limits',
  'signal 0',
  'priority',
  'cores',
  'out of memory',
];
/** Everybody in the container who is no application. */
const OTHERS = [
  '--spawner',
  './run watchdog',
  'aikore/main.js',
  'nginx: master',
  'nginx: worker',
  's6-supervise aikore',
  's6-supervise watchdog',
  's6-svscan',
];
const WRITABLE = [
  '/config/custom_blueprints',
  '/config/datasets',
  '/config/home',
  '/config/instances/Prober',
  '/config/models',
  '/config/outputs',
  '/config/tmp',
  '/dev/mqueue',
  '/dev/shm',
  '/tmp',
];
/** Debian's, where the root of the file system can be written at all. */
const WRITABLE_BY_ALL = ['/run/lock', '/var/tmp'];
/** AiKore's own names that applications are given on purpose. */
const GIVEN = ['AIKORE_FUNCTIONS', 'AIKORE_INSTANCE_MARKER', 'AIKORE_MODELS_DIR'];

const WAYS = [
  { way: 'confined as docker-compose.yml does it', isPlain: false },
  { way: 'of a plain docker run', isPlain: true },
];

describeWith(image)('an application in a container', () => {
  describe.each(WAYS)('$way', ({ isPlain }) => {
    let container: Container;
    let report: ProbeReport;

    beforeAll(async () => {
      container = await startContainer({ image: image!, isPlain, env: { AIKORE_PASSWORD: PASSWORD } });
      await container.waitHealthy();
      ({ report } = await probe(container, [TOKEN, PASSWORD.replaceAll(' ', '_')]));
    }, 180_000);

    const gotFrom = (what: RegExp): Record<string, string> =>
      Object.fromEntries(Object.entries(report.got).filter(([name]) => what.test(name)));
    const tried = (what: RegExp): number =>
      [...Object.keys(report.got), ...Object.keys(report.refused)].filter((name) => what.test(name)).length;

    it('can do to its own processes what is tried with those of others', () => {
      const own = Object.keys(gotFrom(/^own: /)).map((name) => name.replace('own: ', ''));
      expect(own).toEqual(expect.arrayContaining(TO_OWN));
    });

    it('reads no memory, environment or descriptor of AiKore, NGINX, the spawner or the supervision, and ends none', () => {
      expect(report.facts.targets).toEqual(expect.arrayContaining(OTHERS));
      for (const role of OTHERS) {
        const escaped = role.replace(/[./-]/g, '\\$&');
        expect(gotFrom(new RegExp(`^${escaped}: `))).toEqual({});
        expect(tried(new RegExp(`^${escaped}: `))).toBeGreaterThanOrEqual(TO_OWN.length + 3);
      }
    });

    it('neither reads nor locks, replaces, links or plants anything of AiKore’s on the volume', () => {
      expect(tried(/ \/config\//)).toBeGreaterThan(70);
      expect(gotFrom(/ \/config\//)).toEqual({});
    });

    it('commands no supervision, changes no program and sees no engine', () => {
      expect(tried(/ \/(opt|etc|usr|run|dev|root|var)\b/)).toBeGreaterThan(50);
      expect(gotFrom(/ \/(opt|etc|usr|run|dev|root|var)\b/)).toEqual({});
    });

    it('becomes nobody else, and gets no capability, namespace, device or raw socket', () => {
      const what =
        /setuid|setgid|setgroups|capability|namespace|mount|chroot|device|socket|packets|given away/;
      expect(tried(what)).toBeGreaterThan(50);
      expect(gotFrom(what)).toEqual({});
    });

    it('gets nothing at all by any attempt that is not on itself', () => {
      expect(gotFrom(/^(?!own: )/)).toEqual({});
    });

    it('may write to its places only', () => {
      expect(report.facts.writable).toEqual(isPlain ? [...WRITABLE, ...WRITABLE_BY_ALL].sort() : WRITABLE);
    });

    it('finds no password and no token, in its own environment or anybody’s command line', () => {
      expect(report.facts.secrets).toEqual([]);
      const own = report.facts.environment.filter((name) => name.startsWith('AIKORE_'));
      expect(own).toEqual(GIVEN);
    });

    it('has left AiKore, NGINX and the supervision as they were', async () => {
      expect(await container.inspect('{{.State.Health.Status}} {{.RestartCount}}')).toBe('healthy 0');
      const { body } = await container.api.send<{ proxy: { is_serving: boolean }; warnings: string[] }>(
        'GET',
        'api/system/info',
      );
      expect(body).toMatchObject({ proxy: { engine: 'nginx', is_serving: true }, warnings: [] });
    });
  });
});
