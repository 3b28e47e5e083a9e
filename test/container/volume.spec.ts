import { expect, it, jest } from '@jest/globals';
import { CONFINED, LABEL, makeVolume, startContainer, uniqueName } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { docker, dockerSays } from '../support/docker/docker.js';
import type { Outcome } from '../support/docker/docker.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { createOf, runOf } from '../support/docker/inside.js';

jest.setTimeout(180_000);
const image = await useImage();

/** AiKore's own number in the container. */
const AIKORE = 9900;

/** Runs a line of shell with a volume, as root of a container without AiKore. */
async function shellWith(volume: string, line: string): Promise<string> {
  return dockerSays('run', '--rm', `--volume=${volume}:/config`, image!.id, 'bash', '-c', line);
}

/** Starts AiKore with a volume and waits for its end. */
function refusedWith(...options: string[]): Promise<Outcome> {
  return docker('run', '--rm', ...CONFINED, ...options, image!.id);
}

const startOn = (volume: string, env: Record<string, string> = {}) =>
  startContainer({ image: image!, volume, env });

/** Owners of everything on the volume that do not belong there. */
async function strangers(container: Container, ...owners: number[]): Promise<string> {
  const others = owners.map((owner) => `! -uid ${owner}`).join(' ');
  return container.shell(`find /config ${others} -printf '%u %p\\n'`);
}

/** A volume that AiKore has used, with an instance in it. */
async function usedVolume(): Promise<{ volume: string; id: number }> {
  const container = await (await startContainer({ image: image! })).waitHealthy();
  const { id } = await runOf(container, 'idles.sh');
  await container.stop();
  await container.remove();
  return { volume: container.volume!, id };
}

describeWith(image)('a volume that belongs to somebody else', () => {
  it.each<[string, number, Record<string, string>]>([
    ['root', 0, {}],
    ['a NAS user, who is named', 5555, { PUID: '5555', PGID: '5555' }],
  ])('is taken over: %s', async (_, owner, env) => {
    const { volume, id } = await usedVolume();
    await shellWith(volume, `chown -R ${owner}:${owner} /config; rm -rf /config/run /config/backups`);
    const container = await (await startOn(volume, env)).waitHealthy();
    const modes = await container.shell(
      "cd /config && stat -c '%u %a %n' . aikore.db backups run instances models",
    );
    const apps = env['PUID'] ?? '1000';
    expect(modes.split('\n')).toEqual([
      `${AIKORE} 755 .`,
      `${AIKORE} 600 aikore.db`,
      `${AIKORE} 700 backups`,
      `${AIKORE} 711 run`,
      `${AIKORE} 755 instances`,
      `${apps} 775 models`,
    ]);
    if (owner === 0) {
      expect(await container.logs()).toMatch(
        /aikore: \/config\/instances\/idles belongs to user 0, but applications run as 1000: run aikore-own in the container once\./,
      );
      expect(await container.shell('aikore-own')).toContain('belong to 1000:1000 now');
    }
    await container.api.startUp(id);
    expect(await strangers(container, AIKORE, Number(apps))).toBe('');
  });

  it('is told from one of the wrong PUID, and mended by aikore-own', async () => {
    const { volume, id } = await usedVolume();
    await shellWith(
      volume,
      'chown -R 5555:5555 /config/instances/idles; ln -s /etc/passwd /config/instances/idles/link',
    );
    const container = await (await startOn(volume)).waitHealthy();
    expect(await container.logs()).toContain(
      'belongs to user 5555, but applications run as 1000: set PUID=5555, or run aikore-own',
    );
    await container.shell('aikore-own');
    expect(await strangers(container, AIKORE, 1000)).toBe('');
    expect(await container.shell('stat -c %u /etc/passwd')).toBe('0');
    await container.api.startUp(id);
    await container.stop();
    await container.startAgain();
    await container.waitHealthy();
    expect((await container.logs()).split('belongs to user')).toHaveLength(2);
  });
});

describeWith(image)('a volume that cannot be used', () => {
  it.each(['run', 'backups', 'instances', 'run/instances'])(
    'is one with a link in place of %s',
    async (folder) => {
      const volume = await makeVolume();
      await shellWith(
        volume,
        `mkdir -p /config/elsewhere /config/run; rmdir /config/${folder}; ln -s /etc /config/${folder}`,
      );
      const { code, output } = await refusedWith(`--volume=${volume}:/config`);
      expect({ code, output }).toEqual({
        code: 2,
        output: `aikore: /config/${folder} is a link; AiKore's own folders must be folders of the volume.\n`,
      });
    },
  );

  it('is one that is mounted read-only, used or new', async () => {
    const { volume } = await usedVolume();
    for (const mounted of [volume, await makeVolume()]) {
      const { code, output } = await refusedWith(`--volume=${mounted}:/config:ro`);
      expect(code).toBe(2);
      expect(output).toMatch(/^aikore: \/config is mounted read-only/);
    }
  });

  it('leaves alone what operators link to another disk', async () => {
    const volume = await makeVolume();
    await shellWith(
      volume,
      'mkdir -m 700 /config/disk && ln -s disk /config/models && chown 77:77 /config/disk',
    );
    const container = await (await startOn(volume)).waitHealthy();
    expect(await container.shell("stat -L -c '%u %a' /config/models")).toBe('77 700');
  });
});

/** A volume of memory; it lives as long as somebody has it, so somebody else does too. */
async function smallVolume(size: string): Promise<{ volume: string; keeper: Container }> {
  const volume = uniqueName('small');
  await dockerSays(
    'volume',
    'create',
    '--label',
    LABEL,
    '--driver=local',
    '--opt=type=tmpfs',
    '--opt=device=tmpfs',
    `--opt=o=size=${size}`,
    volume,
  );
  const keeper = await startContainer({ image: image!, volume, command: ['sleep', 'infinity'] });
  return { volume, keeper };
}

const fill = (keeper: Container) => keeper.exec('dd', 'if=/dev/zero', 'of=/config/ballast', 'bs=4k');
const empty = (keeper: Container) => keeper.shell('rm /config/ballast');

describeWith(image)('a volume that is full', () => {
  it('refuses a first start with a sentence, and is none the worse', async () => {
    const { volume, keeper } = await smallVolume('32m');
    await fill(keeper);
    const { code, output } = await refusedWith(`--volume=${volume}:/config`);
    expect([1, 2]).toContain(code);
    expect(output).toMatch(/^aikore: .*full/m);
    await empty(keeper);
    await (await startOn(volume)).waitHealthy();
  });

  it('boots all the same once it has been used, says so, and works again when there is room', async () => {
    const { volume, keeper } = await smallVolume('32m');
    const first = await (await startOn(volume)).waitHealthy();
    const { id } = await createOf(first, 'counter.sh');
    await first.stop();
    await first.remove();
    await fill(keeper);

    const container = await (await startOn(volume)).waitHealthy();
    expect(await container.api.instance(id)).toMatchObject({ status: 'stopped' });
    const refusal = await container.api.send('POST', 'api/instances', {
      name: 'more',
      base_blueprint: 'counter.sh',
    });
    expect(refusal.status).toBe(507);
    await empty(keeper);
    await container.api.startUp(id);
    expect(await container.stop()).toMatchObject({ code: 0 });
  });
});
