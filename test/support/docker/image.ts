import { createHash } from 'node:crypto';
import { describe } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideBaseImages } from './base-images.js';
import { build, buildArguments } from './build.js';
import { dockerSays, engineHost } from './docker.js';
import { REPOSITORY } from './dockerfile.js';

/** The image that the tests use. */
export interface TestImage {
  /** Its name in the engine. */
  tag: string;
  id: string;
  /** What its build was given. */
  args: Record<string, string>;
  /** Of the first build of this run; short when the engine had all layers from an earlier one. */
  buildMs: number;
}

/** One checkout, one name: a further run replaces its image. */
const TAG = `aikore-test:${createHash('sha256').update(REPOSITORY).digest('hex').slice(0, 12)}`;

/**
 * The image of this checkout, built at the first call of a run; null where there is no engine to build it (begin-run.mjs
 * has said why). AIKORE_TEST_IMAGE names one that is there already, for quick tries.
 * @throws Error when it cannot be built, for every suite of the run
 */
export async function useImage(): Promise<TestImage | null> {
  if (engineHost === '') return null;
  const file = join(process.env['AIKORE_TEST_RUN'] ?? '', 'image.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await buildOnce()));
  const made = JSON.parse(readFileSync(file, 'utf8')) as TestImage | { failure: string };
  if ('failure' in made) throw new Error(made.failure);
  return made;
}

async function buildOnce(): Promise<TestImage | { failure: string }> {
  const given = process.env['AIKORE_TEST_IMAGE'];
  try {
    if (given !== undefined)
      return {
        tag: given,
        id: await dockerSays('image', 'inspect', '--format', '{{.Id}}', given),
        args: {},
        buildMs: 0,
      };
    const [args] = await Promise.all([buildArguments(), provideBaseImages()]);
    const { id, durationMs } = await build(REPOSITORY, TAG, args);
    return { tag: TAG, id, args, buildMs: durationMs };
  } catch (error) {
    return { failure: String(error) };
  }
}

/** For suites that need the image: without one their tests count as skipped. */
export function describeWith(image: TestImage | null): typeof describe | typeof describe.skip {
  return image === null ? describe.skip : describe;
}
