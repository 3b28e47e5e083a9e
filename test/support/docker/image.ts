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
 * The image of this checkout, built at the first call of a run; null where there is nothing to build it with, which
 * a line has said. AIKORE_TEST_IMAGE names one that is there already, for quick tries.
 * @throws Error when it cannot be built, for every suite of the run
 */
export async function useImage(): Promise<TestImage | null> {
  if (engineHost === '') return null;
  const file = join(process.env['AIKORE_TEST_RUN'] ?? '', 'image.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await makeOnce()));
  const made = JSON.parse(readFileSync(file, 'utf8')) as Made;
  if ('failure' in made) throw new Error(made.failure);
  return 'impossible' in made ? null : made;
}

/** What a run found out at its first suite. */
type Made = TestImage | { failure: string } | { impossible: string };

async function makeOnce(): Promise<Made> {
  const given = process.env['AIKORE_TEST_IMAGE'];
  try {
    if (given !== undefined) return { tag: given, id: await idOf(given), args: {}, buildMs: 0 };
    const [args, impossible] = await Promise.all([buildArguments(), provideBaseImages()]);
    if (impossible !== null) {
      console.warn(`skipped: the container's tests; ${impossible}`);
      return { impossible };
    }
    const durationMs = await build(REPOSITORY, TAG, args);
    return { tag: TAG, id: await idOf(TAG), args, buildMs: durationMs };
  } catch (error) {
    return { failure: String(error) };
  }
}

/** For suites that need the image: without one their tests count as skipped. */
export function describeWith(image: TestImage | null): typeof describe | typeof describe.skip {
  return image === null ? describe.skip : describe;
}

function idOf(tag: string): Promise<string> {
  return dockerSays('image', 'inspect', '--format', '{{.Id}}', tag);
}
