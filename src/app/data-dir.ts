import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull, messageOf, systemCodeOf } from '../core/errors.js';
import { areKeptApart, giveEntry } from '../host/files/ownership.js';

const PERMISSION_BITS = 0o777;

interface Folder {
  name: string;
  /** What is nobody else's business is for AiKore alone. */
  mode: number;
  /** Where applications are kept apart: what they reach is theirs, but they must pass through what leads there. */
  keptApartMode: number;
  isTheirs?: boolean;
}

/** Folders of the data directory (contract section 3). */
const FOLDERS: readonly Folder[] = [
  { name: 'archives', mode: 0o700, keptApartMode: 0o711 },
  { name: 'backups', mode: 0o700, keptApartMode: 0o700 },
  { name: 'custom_blueprints', mode: 0o755, keptApartMode: 0o775, isTheirs: true },
  { name: 'instances', mode: 0o755, keptApartMode: 0o755 },
  { name: 'models', mode: 0o755, keptApartMode: 0o775, isTheirs: true },
  { name: 'outputs', mode: 0o755, keptApartMode: 0o775, isTheirs: true },
  { name: 'run', mode: 0o700, keptApartMode: 0o711 },
  { name: 'run/instances', mode: 0o700, keptApartMode: 0o711 },
  { name: 'run/terminals', mode: 0o700, keptApartMode: 0o711 },
  { name: 'tmp', mode: 0o755, keptApartMode: 0o775, isTheirs: true },
  { name: 'trashcan', mode: 0o755, keptApartMode: 0o755 },
];

/** The data directory cannot be used. */
export class DataDirectoryUnusable extends Error {
  override readonly name = 'DataDirectoryUnusable';
}

/** Makes what is missing. @throws DataDirectoryUnusable */
export async function prepareDataDirectory(dataDir: string): Promise<void> {
  try {
    mkdirSync(dataDir, { recursive: true });
    for (const folder of FOLDERS) await prepareFolder(join(dataDir, folder.name), folder);
  } catch (error) {
    if (isDiskFull(error)) {
      throw new DataDirectoryUnusable(
        `The disk of the data directory ${dataDir} is full. Free some space and start again; instances that run are not touched.`,
      );
    }
    throw new DataDirectoryUnusable(
      `The data directory ${dataDir} cannot be used: ${messageOf(error)}. Set AIKORE_DATA_DIR to a folder that can be written.`,
    );
  }
}

async function prepareFolder(path: string, { mode, keptApartMode, isTheirs = false }: Folder): Promise<void> {
  if (!areKeptApart()) {
    mkdirSync(path, { recursive: true, mode });
    return;
  }
  if (mkdirSync(path, { recursive: true }) !== undefined || !isTheirs) openToThem(path, keptApartMode);
  if (isTheirs) await giveEntry(path).catch(unlessRefused);
}

/** An AiKore that did not keep applications apart has shut them out. A link is an operator's, as to another disk. */
function openToThem(path: string, mode: number): void {
  const facts = lstatSync(path);
  if (!facts.isDirectory() || (facts.mode & PERMISSION_BITS) === mode) return;
  try {
    chmodSync(path, mode);
  } catch (error) {
    unlessRefused(error);
  }
}

/** A volume over a network may know owners of its own; what then cannot be done tells itself. */
function unlessRefused(error: unknown): void {
  if (systemCodeOf(error) !== 'EPERM') throw error;
}
