import { beforeAll, expect, it, jest } from '@jest/globals';
import { startContainer } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { docker } from '../support/docker/docker.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(120_000);
const image = await useImage();

/** Files that an application must never get, whatever it plants for those who work on the volume with more rights. */
const SECRETS = '/config/aikore.db /config/backups/secret.db /etc/shadow';

/** Folders become links to AiKore's and folders again, for ten seconds. */
const SWAPS = `
import os, time
os.chdir("/config/models")
names = [name for name in os.listdir(".") if name[0] == "d"]
count, end = 0, time.monotonic() + 10
while time.monotonic() < end:
    for name in names:
        os.rename(name, "side/" + name)
        os.symlink("/config/backups", name)
    time.sleep(0.004)
    for name in names:
        os.unlink(name)
        os.rename("side/" + name, name)
    time.sleep(0.004)
    count += 1
print(count)
`;
const COUNT_LINKS = 'find /config/models -maxdepth 1 -type l | wc -l';

describeWith(image)('what an application plants for those who have more rights', () => {
  let container: Container;

  beforeAll(async () => {
    container = await startContainer({ image: image! });
    await container.waitHealthy();
    await container.shell('install -o 9900 -g 9900 -m 600 /dev/null /config/backups/secret.db');
  }, 120_000);

  /** A line of shell as an application. */
  const asApplication = async (line: string): Promise<string> => {
    const { code, stdout, output } = await docker(
      'exec',
      '--user=1000:1000',
      container.name,
      'bash',
      '-c',
      line,
    );
    if (code !== 0) throw new Error(output);
    return stdout.trimEnd();
  };
  const owners = (): Promise<string> => container.shell(`stat -c "%n %u:%g %a" ${SECRETS}`);

  it('aikore-own gives it nothing of AiKore’s, though folders become links while it works', async () => {
    const before = await owners();
    // Somebody else's files, so that there is something to give, in folders that an application may swap.
    await container.shell(`cd /config/models && mkdir side && chown 1000:1000 side
      for number in $(seq 400); do mkdir d$number; touch d$number/secret.db; chown 4711 d$number/secret.db; chown 1000 d$number; done`);
    const swaps = asApplication(`python3 -c '${SWAPS}'`);
    await waitFor('folders become links', async () => (await container.shell(COUNT_LINKS)) !== '0');
    // What goes away under it is passed over or complained of.
    for (let round = 0; round < 6; round += 1) await container.exec('aikore-own');
    expect(Number(await swaps)).toBeGreaterThan(20);
    expect(await owners()).toBe(before);
    expect(await container.exec('aikore-own')).toMatchObject({ code: 0 });
    expect(await container.shell('find /config/models ! -uid 1000')).toBe('');
  });

  it('a second name that it has for a file of AiKore’s is not given away either', async () => {
    const before = await owners();
    // As on a machine that lets everybody make one (fs.protected_hardlinks=0).
    await container.shell('ln /config/backups/secret.db /config/models/second');
    expect(await container.exec('aikore-own')).toMatchObject({ code: 0 });
    expect(await owners()).toBe(before);
    await container.shell('rm /config/models/second');
  });
});
