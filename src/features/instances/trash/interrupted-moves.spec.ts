import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../../core/logging.js';
import type { InstanceEntity } from '../instance.entity.js';
import { InstancePaths } from '../instance-paths.js';
import { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import { settleInterruptedMoves } from './interrupted-moves.js';
import { writeManifest } from './trash-manifest.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-moves-'));
const paths = new InstancePaths(root);
afterAll(() => rmSync(root, { recursive: true }));

/** An instance without a folder, of whose name there is an entry in the trash can. */
async function settleWithEntry(createdAt: string): Promise<number[]> {
  const row = {
    id: 3,
    name: 'one',
    slug: 'one',
    base_blueprint: 'empty.sh',
    gpu_ids: null,
    output_path: null,
    autostart: false,
    env: {},
    launch_args: '',
    port: 21_000,
    run: 0,
    created_at: createdAt,
  } as unknown as InstanceEntity;
  const entry = join(paths.trashRoot, row.name);
  mkdirSync(entry, { recursive: true });
  mkdirSync(paths.instancesRoot, { recursive: true });
  await writeManifest(entry, row);
  const registry = new InstanceRegistry();
  registry.add({ row, isActive: false, retire: () => undefined } as unknown as Supervisor);
  const removed: number[] = [];
  const repository = {
    remove: (id: number) => Promise.resolve(void removed.push(id)),
  } as unknown as InstanceRepository;
  const logger = createLogger(false, () => undefined);
  await settleInterruptedMoves({ registry, repository, paths, logger });
  return removed;
}

describe('an instance whose folder is missing', () => {
  it('was being deleted when the trash can has it', async () =>
    expect(await settleWithEntry('2020-01-01T00:00:00.000Z')).toEqual([3]));

  it('stays when the entry of its name is an earlier instance', async () =>
    expect(await settleWithEntry('2999-01-01T00:00:00.000Z')).toEqual([]));
});
