import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uniqueName } from '../support/docker/container.js';
import { docker, dockerSays } from '../support/docker/docker.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { OperatorTree } from '../support/docker/operator-tree.js';

jest.setTimeout(180_000);
const image = await useImage();
const repository = uniqueName('image');

describeWith(image)('make update', () => {
  let tree: OperatorTree;

  beforeAll(async () => {
    await dockerSays('tag', image!.id, `${repository}:latest`);
    tree = await OperatorTree.make(image!, { AIKORE_IMAGE: `${repository}:latest` });
    await tree.says('up');
  });

  afterAll(async () => {
    await tree.remove();
    await docker('rmi', '--force', `${repository}:latest`, `${repository}:previous`);
  });

  const version = () => tree.inspect('{{index .Config.Labels "org.aikore.test"}}');

  /** A newer AiKore, as far as the engine is concerned. */
  const publish = (name: string): void =>
    writeFileSync(join(tree.folder, 'Dockerfile'), `FROM ${image!.id}\nLABEL org.aikore.test=${name}\n`);

  it('makes a backup and a new container on the same data, and tells the way back', async () => {
    await tree.api.create({ name: 'kept', base_blueprint: 'Demo.sh' });
    publish('second');
    const said = await tree.says('update PULL=0');
    expect(await version()).toBe('second');
    expect(said).toMatch(/Backup: .*aikore-\d{8}T\d{6}Z\.tar\.gz/);
    expect(said).toContain(`docker tag ${repository}:previous ${repository}:latest`);
    expect(await dockerSays('image', 'inspect', '--format', '{{.Id}}', `${repository}:previous`)).toBe(
      image!.id,
    );
    expect((await tree.api.instances()).map(({ name }) => name)).toEqual(['kept']);
  });

  it('leaves alone what is the newest already, and the image before it', async () => {
    const before = await tree.inspect('{{.Id}} {{.State.StartedAt}}');
    expect(await tree.says('update PULL=0')).toContain('There is nothing newer');
    expect(await tree.inspect('{{.Id}} {{.State.StartedAt}}')).toBe(before);
    expect(await dockerSays('image', 'inspect', '--format', '{{.Id}}', `${repository}:previous`)).toBe(
      image!.id,
    );
  });

  it('ends no instance unasked', async () => {
    const { id } = await tree.api.byName('kept');
    await tree.api.command(id, 'start');
    publish('third');
    const { code, output } = await tree.command('update PULL=0');
    expect(code).not.toBe(0);
    expect(output).toContain('kept');
    expect(await version()).toBe('second');
    await tree.says('update PULL=0', { YES: '1' });
    expect(await version()).toBe('third');
  });

  it('can be taken back as it says', async () => {
    await dockerSays('tag', `${repository}:previous`, `${repository}:latest`);
    await tree.says('up');
    expect(await version()).toBe('second');
  });
});
