import { expect, it, jest } from '@jest/globals';
import { startContainer } from '../support/docker/container.js';
import { dockerSays } from '../support/docker/docker.js';
import { describeWith, useImage } from '../support/docker/image.js';

jest.setTimeout(120_000);
const image = await useImage();

describeWith(image)('the image', () => {
  it('is built from the unmodified Dockerfile', async () => {
    expect(await dockerSays('image', 'inspect', '--format', '{{.Id}}', image!.tag)).toBe(image!.id);
  });

  it('runs without any network', async () => {
    const container = await startContainer({ image: image!, run: ['--network=none'] });
    await container.waitHealthy();
  });
});
