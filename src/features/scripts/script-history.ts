import { rm, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScriptVersion } from '../../contracts/script.js';
import { AppError } from '../../core/errors.js';
import { removeUnfinishedFiles, writeFileAtomically } from '../../host/files/atomic-write.js';
import { NotAFolder, openInnerFolder, withInnerFolder } from '../../host/files/inner-folder.js';
import { openRegularFile, readSmallBytes, readSmallFile } from '../../host/files/regular-file.js';
import { MAX_VERSIONS, superfluousVersions } from './domain/kept-versions.js';
import { readVersionNote } from './domain/version-note.js';
import type { VersionNote } from './domain/version-note.js';
import { MAX_SCRIPT_BYTES } from './script-file.js';

/** Below the instance's own folder, so that it goes along into the trash can, back, and wherever else the folder goes. */
const FOLDER_NAMES = ['.aikore', 'script-history'];
const VERSION_FILE = /^([1-9]\d{0,8})\.sh$/;
const MAX_NOTE_BYTES = 4096;
const FOR_APPS = { for: 'apps' } as const;

/** A version without what only the present script can tell. */
export type KeptVersion = Omit<ScriptVersion, 'is_present'>;

/**
 * The versions of one instance's script: `<n>.sh` with the bytes and `<n>.json` with who saved them and when. An
 * application can write there, so links are not followed and what is no version is passed over.
 */
export class ScriptHistory {
  /** @param home the instance's folder */
  constructor(private readonly home: string) {}

  /** Newest first. */
  async list(): Promise<KeptVersion[]> {
    return this.inFolder([], async (folder) => {
      const numbers = await versionNumbers(folder);
      const versions = await describeNewest(folder, numbers);
      return versions.filter((version) => version !== null);
    });
  }

  /** The bytes of a version; null when it is not kept. */
  async read(version: number): Promise<Buffer | null> {
    return this.inFolder(null, (folder) => readSmallBytes(scriptIn(folder, version), MAX_SCRIPT_BYTES));
  }

  /** The bytes of the newest versions, newest first. */
  async newest(count: number): Promise<Buffer[]> {
    return this.inFolder([], async (folder) => {
      const numbers = (await versionNumbers(folder)).slice(0, count);
      const contents = await Promise.all(
        numbers.map((version) => readSmallBytes(scriptIn(folder, version), MAX_SCRIPT_BYTES)),
      );
      return contents.filter((content) => content !== null);
    });
  }

  /**
   * Keeps another version, durably, and lets the oldest go. @returns its number
   * @throws AppError `conflict` when something is in the way
   */
  async add(content: Uint8Array, note: VersionNote): Promise<number> {
    const folder = await openInnerFolder(this.home, FOLDER_NAMES, { isMade: true }).catch(refuseOther);
    if (folder === null) throw inTheWay();
    try {
      await removeUnfinishedFiles(folder.path);
      const version = ((await versionNumbers(folder.path))[0] ?? 0) + 1;
      // The note first: a version without one would have nobody's name.
      await writeFileAtomically(
        noteIn(folder.path, version),
        `${JSON.stringify(note)}\n`,
        undefined,
        FOR_APPS,
      );
      await writeFileAtomically(scriptIn(folder.path, version), content, undefined, FOR_APPS);
      await prune(folder.path);
      return version;
    } finally {
      await folder.close();
    }
  }

  /** A version whose content did not become the script after all. */
  async forget(version: number): Promise<void> {
    await this.inFolder(undefined, (folder) => remove(folder, version));
  }

  private async inFolder<T>(otherwise: T, use: (folder: string) => Promise<T>): Promise<T> {
    return withInnerFolder(this.home, FOLDER_NAMES, otherwise, use).catch((error: unknown) => {
      if (error instanceof NotAFolder) return otherwise;
      throw error;
    });
  }
}

/** Newest first. */
async function versionNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => Number(VERSION_FILE.exec(name)?.[1] ?? 0) || []);
  return numbers.sort((a, b) => b - a);
}

async function describe(folder: string, version: number): Promise<KeptVersion | null> {
  const opened = await openRegularFile(scriptIn(folder, version));
  if (opened === null) return null;
  const facts = await opened.file.stat().finally(() => opened.file.close());
  const note = readVersionNote(await readSmallFile(noteIn(folder, version), MAX_NOTE_BYTES));
  return {
    version,
    size_bytes: facts.size,
    saved_at: note?.saved_at ?? facts.mtime.toISOString(),
    saved_by: note?.saved_by ?? null,
    note: note?.note ?? '',
  };
}

/** An application may have put a hundred thousand files there: no more are opened than can be versions. */
function describeNewest(folder: string, numbers: readonly number[]): Promise<(KeptVersion | null)[]> {
  return Promise.all(numbers.slice(0, MAX_VERSIONS).map((version) => describe(folder, version)));
}

async function prune(folder: string): Promise<void> {
  const numbers = await versionNumbers(folder);
  const known = await describeNewest(folder, numbers);
  const sizes = known.flatMap((version) =>
    version === null ? [] : [{ version: version.version, sizeBytes: version.size_bytes }],
  );
  const dropped = [...superfluousVersions(sizes), ...numbers.slice(MAX_VERSIONS)];
  for (const version of dropped) await remove(folder, version);
}

async function remove(folder: string, version: number): Promise<void> {
  await rm(scriptIn(folder, version), { force: true });
  await rm(noteIn(folder, version), { force: true });
}

const scriptIn = (folder: string, version: number): string => join(folder, `${version}.sh`);
const noteIn = (folder: string, version: number): string => join(folder, `${version}.json`);

function refuseOther(error: unknown): never {
  throw error instanceof NotAFolder ? inTheWay() : error;
}

function inTheWay(): AppError {
  return new AppError(
    'conflict',
    'SCRIPT_HISTORY_BLOCKED',
    `Something is in the way of ${FOLDER_NAMES.join('/')} in the instance's folder, where earlier versions are kept; nothing was saved. Look there in a terminal and remove it.`,
  );
}
