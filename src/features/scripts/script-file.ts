import { join } from 'node:path';
import { AppError, systemCodeOf } from '../../core/errors.js';
import { writeFileAtomically } from '../../host/files/atomic-write.js';
import { exists } from '../../host/files/exists.js';
import { NotAFolder, withInnerFolder } from '../../host/files/inner-folder.js';
import { openRegularFile } from '../../host/files/regular-file.js';
import { MAX_BLUEPRINT_BYTES } from '../blueprints/blueprints.api.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { SCRIPT_FILE } from '../instances/instances.api.js';
import type { InstanceFiles, InstanceRow } from '../instances/instances.api.js';

/** The largest script that the editor takes; every script may become a blueprint. */
export const MAX_SCRIPT_BYTES = MAX_BLUEPRINT_BYTES;
const NEW_SCRIPT_MODE = 0o755;
const PERMISSION_BITS = 0o777;

/** An instance's launch.sh as it lies there. */
export interface ScriptFile {
  bytes: Buffer;
  mode: number;
  modifiedAt: Date;
}

/**
 * Reads a launch.sh. @returns null when there is none
 * @throws AppError `conflict` for something else in its place, such as a link; `too_large`
 */
export async function readScriptFile(files: InstanceFiles, row: InstanceRow): Promise<ScriptFile | null> {
  const path = files.script(row);
  const opened = await openRegularFile(path);
  if (opened === null) {
    if (await exists(path)) throw notAFile(files.owners.of(row));
    return null;
  }
  try {
    const facts = await opened.file.stat();
    if (facts.size > MAX_SCRIPT_BYTES) throw tooLarge();
    const bytes = await opened.file.readFile();
    return { bytes, mode: facts.mode & PERMISSION_BITS, modifiedAt: facts.mtime };
  } finally {
    await opened.file.close();
  }
}

/** What an instance would run: its launch.sh, or the blueprint that the next start copies. */
export interface Present {
  bytes: Buffer;
  /** Undefined while there is no file. */
  mode: number | undefined;
  /** Null while there is no file. */
  modifiedAt: Date | null;
}

/** @throws AppError as `readScriptFile`; `not_found` when there is no blueprint either */
export async function readPresent(
  { files, catalogue }: { files: InstanceFiles; catalogue: BlueprintCatalogue },
  row: InstanceRow,
): Promise<Present> {
  const own = await readScriptFile(files, row);
  if (own !== null) return own;
  const owner = files.owners.of(row);
  if ((await catalogue.find(owner.base_blueprint)) === null) throw noScript(owner);
  return { bytes: await catalogue.read(owner.base_blueprint), mode: undefined, modifiedAt: null };
}

/**
 * Replaces a launch.sh whole; a link in its place is replaced, not followed.
 * @param mode that it had
 * @throws AppError `conflict` for a folder in its place
 */
export async function writeScriptFile(
  files: InstanceFiles,
  row: InstanceRow,
  bytes: Uint8Array,
  mode: number = NEW_SCRIPT_MODE,
): Promise<void> {
  try {
    await withInnerFolder(files.home(row), [], undefined, (home) =>
      writeFileAtomically(join(home, SCRIPT_FILE), bytes, mode, { isModeExact: true, for: 'apps' }),
    );
  } catch (error) {
    const isInTheWay = systemCodeOf(error) === 'EISDIR' || error instanceof NotAFolder;
    throw isInTheWay ? notAFile(files.owners.of(row)) : error;
  }
}

function noScript({ name, base_blueprint: blueprint }: InstanceRow): AppError {
  return new AppError(
    'not_found',
    'SCRIPT_NOT_FOUND',
    `${name} has no launch.sh, and its blueprint ${blueprint} is no more. Save a script to give it one.`,
  );
}

function notAFile({ name }: InstanceRow): AppError {
  return new AppError(
    'conflict',
    'SCRIPT_UNUSABLE',
    `The launch.sh of ${name} is not an ordinary file. Look at the instance's folder in a terminal and remove it.`,
  );
}

/** The answer to a script over 1 MiB. */
export function tooLarge(): AppError {
  return new AppError(
    'too_large',
    'SCRIPT_TOO_LARGE',
    'A script may be 1 MiB at most. A larger one can only be edited in a terminal.',
  );
}
