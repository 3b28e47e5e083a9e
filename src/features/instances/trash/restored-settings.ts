import { keepOutputPath } from '../original/domain/kept-output-path.js';
import { checkSettings } from '../settings/instance-rules.js';
import { CARRIED } from './trash-manifest.js';
import type { TrashManifest } from './trash-manifest.js';

/** What a restored instance is made of, without what only goes along. */
export type RestoredSettings = Omit<
  TrashManifest,
  (typeof CARRIED)[number] | 'port' | 'deleted_at' | 'run' | 'parent'
>;

/** A GPU mask that can do no harm, though it is none that could be written today. */
const HARMLESS_MASK = /^[\x20-\x7e]{0,500}$/;

/**
 * Checks settings from a manifest, which lay where an application could write. Rules hold for writing: what the original
 * AiKore has named otherwise comes back as it went, as long as it leads nowhere.
 * @param entryName the folder in the trash can; a name that a folder has already may be one again
 * @throws AppError `invalid`
 */
export function checkRestored(settings: Partial<RestoredSettings>, name: string, entryName: string): void {
  const { gpu_ids: mask, output_path: path } = settings;
  checkSettings({
    ...settings,
    name: name === entryName ? undefined : name,
    gpu_ids: mask && HARMLESS_MASK.test(mask) ? null : mask,
    output_path: path && keepOutputPath(path) === path ? null : path,
  });
}

/** A manifest's settings without what only goes along. */
export function withoutCarried<T extends object>(settings: T): Omit<T, (typeof CARRIED)[number]> {
  const carried: readonly string[] = CARRIED;
  const entries = Object.entries(settings).filter(([key]) => !carried.includes(key));
  return Object.fromEntries(entries) as Omit<T, (typeof CARRIED)[number]>;
}
