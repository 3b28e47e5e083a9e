import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstancePaths } from '../instance-paths.js';
import { HomeRenaming } from './home-renaming.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-renaming-'));
const paths = new InstancePaths(root);
const renaming = new HomeRenaming(paths);

beforeEach(() => {
  for (const folder of [paths.instancesRoot, paths.outputsRoot]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  mkdirSync(paths.home('old'));
  mkdirSync(paths.outputs('old', null));
});
afterAll(() => rmSync(root, { recursive: true }));

const present = () => [readdirSync(paths.instancesRoot).sort(), readdirSync(paths.outputsRoot).sort()];

describe('renaming the folders of an instance', () => {
  it('leaves a note until it is finished', async () => {
    await renaming.move(7, 'old', 'new', true);
    expect(present()).toEqual([['.renaming-7', 'new'], ['new']]);
    expect(await renaming.interrupted()).toEqual([7]);
    await renaming.finish(7);
    expect(present()).toEqual([['new'], ['new']]);
  });

  it('is undone by its note, whichever of the two folders had moved', async () => {
    await renaming.move(7, 'old', 'new', true);
    await renaming.undo(7);
    expect(present()).toEqual([['old'], ['old']]);
    await renaming.move(7, 'old', 'new', true);
    // The second folder had not moved yet.
    rmSync(paths.outputs('new', null), { recursive: true });
    mkdirSync(paths.outputs('old', null));
    await renaming.undo(7);
    expect(present()).toEqual([['old'], ['old']]);
  });

  it("never takes outputs that were somebody else's before", async () => {
    mkdirSync(paths.outputs('new', null));
    await renaming.move(7, 'old', 'new', true);
    expect(present()).toEqual([
      ['.renaming-7', 'new'],
      ['new', 'old'],
    ]);
    await renaming.undo(7);
    expect(present()).toEqual([['old'], ['new', 'old']]);
  });

  it('moves nothing onto a folder that is there', async () => {
    rmSync(paths.outputs('old', null), { recursive: true });
    writeFileSync(paths.outputs('old', null), '');
    mkdirSync(paths.home('new'));
    writeFileSync(join(paths.home('new'), 'somebody'), '');
    await expect(renaming.move(7, 'old', 'new', true)).rejects.toThrow();
    expect(existsSync(join(paths.home('new'), 'somebody'))).toBe(true);
    expect(present()).toEqual([['new', 'old'], ['old']]);
  });

  it.each(['', '{}', '[1]', 'null', '{"from":1,"to":"x","movesHome":true,"movesOutputs":true}'])(
    'takes no notice of a note that is none: %s',
    async (text) => {
      writeFileSync(paths.renamingNote(7), text);
      expect(await renaming.read(7)).toBeNull();
    },
  );
});
