import { afterAll, beforeAll, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useLab } from '../lab.js';
import { CatalogueStory } from './catalogue-story.js';
import { Outside } from './outside.js';
import type { StandIn } from './stand-in.js';
import { uvFolder } from './uv-program.js';

/** At a time; more only wait for each other where there are two cores. */
const SIDE_BY_SIDE = 2;
/** Of all stories together: a test waits for those before its own. */
const LIMIT_MS = 600_000;

/** `AIKORE_TEST_CATALOGUE=Fooocus,Forge` while somebody works on those two. */
const WANTED = process.env['AIKORE_TEST_CATALOGUE']?.split(',');

const nameOf = (standIn: StandIn): string => standIn.key ?? standIn.blueprint;

/** A folder with what blueprints need of the machine and what is too large to be installed for a test. @returns its path */
function largePrograms(root: string): string {
  const folder = join(root, 'programs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'ffmpeg'), '#!/bin/sh\necho "ffmpeg version 7.1"\n', { mode: 0o755 });
  return folder;
}

/** A test for each stand-in: its blueprint installs, starts warm, updates, is rebuilt and starts without network. */
export function describeCatalogue(all: readonly StandIn[]): void {
  const standIns = all.filter((standIn) => WANTED?.includes(nameOf(standIn)) ?? true);
  const lab = useLab();
  const told = new Map<StandIn, Promise<void>>();
  let outside: Outside | null = null;

  beforeAll(async () => {
    const uv = uvFolder();
    // Without what the machine's owner has in his home.
    const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:${largePrograms(lab.root)}`;
    const aikore = await lab.start({
      PATH: path,
      HOME: join(lab.root, 'home'),
      UV_CACHE_DIR: join(lab.root, 'uv'),
      PIP_CACHE_DIR: join(lab.root, 'pip'),
    });
    outside = await Outside.open(join(lab.root, 'outside'));
    const supply = outside.supply.bind(outside);
    const lanes = Array.from({ length: SIDE_BY_SIDE }, () => Promise.resolve());
    standIns.forEach((standIn, index) => {
      const lane = index % SIDE_BY_SIDE;
      const story = (lanes[lane] ?? Promise.resolve()).then(() =>
        new CatalogueStory(aikore, standIn, supply(standIn), path, uv).run(),
      );
      told.set(standIn, story);
      lanes[lane] = story.catch(() => undefined);
    });
    // A story that fails before its test asks for it is nobody's surprise.
    for (const story of told.values()) story.catch(() => undefined);
  }, 180_000);
  afterAll(() => outside?.close());

  for (const standIn of standIns)
    it(
      `${standIn.key ?? standIn.blueprint} installs, starts warm, updates, is rebuilt, and needs no network`,
      async () => {
        await told.get(standIn);
      },
      LIMIT_MS,
    );
}
