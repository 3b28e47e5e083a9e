import { docker, runDocker } from './docker.js';
import { argumentDefault } from './dockerfile.js';
import { canFetch, debianMirrors } from './machine.js';
import { makeDebian, makeNode } from './stand-ins.js';

/** A registry that has not answered by then cannot be reached. */
const REGISTRY_LIMIT_MS = 10_000;

/**
 * Provides the images that the Dockerfile starts from, under the very names that it asks for: those of the registry
 * where it can be reached, otherwise stand-ins made of Debian's and npm's packages.
 * @returns why they cannot be had, where the machine reaches neither; null when they are there
 * @throws Error when a stand-in cannot be made
 */
export async function provideBaseImages(): Promise<string | null> {
  const debian = argumentDefault('DEBIAN_IMAGE');
  const node = argumentDefault('NODE_IMAGE');
  const missing = [];
  for (const name of [debian, node]) if (!(await isThere(name)) && !(await pull(name))) missing.push(name);
  if (missing.length === 0) return null;
  const mirror = debianMirrors().main;
  if (mirror === undefined || !(await canFetch(`${mirror}/dists/bookworm/Release`)))
    return `${missing[0]} cannot be pulled, and ${mirror ?? 'no mirror of Debian'} not reached`;
  if (missing.includes(debian)) await makeDebian(debian, mirror);
  if (missing.includes(node)) await makeNode(node, debian);
  return null;
}

async function isThere(name: string): Promise<boolean> {
  return (await docker('image', 'inspect', name)).code === 0;
}

async function pull(name: string): Promise<boolean> {
  return (await runDocker(['pull', name], { firstWordMs: REGISTRY_LIMIT_MS })).code === 0;
}
