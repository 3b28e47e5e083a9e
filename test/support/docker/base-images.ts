import { docker, runDocker } from './docker.js';
import { argumentDefault } from './dockerfile.js';
import { makeDebian, makeNode } from './stand-ins.js';

/** A registry that has not answered by then cannot be reached. */
const REGISTRY_LIMIT_MS = 10_000;

/**
 * Provides the images that the Dockerfile starts from, under the very names that it asks for: those of the registry
 * where it can be reached, otherwise stand-ins made of Debian's and npm's packages.
 * @throws Error when neither can be had
 */
export async function provideBaseImages(): Promise<void> {
  const debian = argumentDefault('DEBIAN_IMAGE');
  const node = argumentDefault('NODE_IMAGE');
  if (!(await isThere(debian)) && !(await pull(debian))) await makeDebian(debian);
  if (!(await isThere(node)) && !(await pull(node))) await makeNode(node, debian);
}

async function isThere(name: string): Promise<boolean> {
  return (await docker('image', 'inspect', name)).code === 0;
}

async function pull(name: string): Promise<boolean> {
  return (await runDocker(['pull', name], { firstWordMs: REGISTRY_LIMIT_MS })).code === 0;
}
