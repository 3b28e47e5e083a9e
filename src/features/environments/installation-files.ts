import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallRecord } from '../../contracts/environment.js';
import { openInnerFolder } from '../../host/files/inner-folder.js';
import type { InnerFolder } from '../../host/files/inner-folder.js';
import { openRegularFile, readSmallFile } from '../../host/files/regular-file.js';
import { readInstallRecord } from './domain/install-record.js';
import { readSetupDone } from './domain/setup-done.js';
import type { SetupDone } from './domain/setup-done.js';

/** What functions.sh has noted in an instance's folder. */
export interface InstallationNotes {
  record: InstallRecord | null;
  /** Newest first. */
  history: InstallRecord[];
  /** `setup.begun` lies: an installation goes on, or did not end. */
  isBegun: boolean;
  /** What the installation depends on, as functions.sh compares it; null: none is whole. */
  done: SetupDone | null;
  /** The user's own `requirements.txt`, which is installed along; null: none. */
  requirements: string | null;
}

const NOTES_FOLDER = '.aikore';
const RECORD_FILE = 'install.json';
const BEGUN_FILE = 'setup.begun';
const DONE_FILE = 'setup.done';
const REQUIREMENTS_FILE = 'requirements.txt';
const HISTORY_FOLDER = 'history';
const MAX_RECORD_BYTES = 1024 * 1024;
const MAX_HISTORY = 10;
/** functions.sh keeps ten; more is somebody else's. */
const MAX_ENTRIES = 1000;
/** Names are times, so that their order is that of the records. */
const HISTORY_NAME = /^[0-9A-Za-z:.+-]{1,64}\.json$/;
const MAX_DONE_BYTES = 256 * 1024;
const MAX_REQUIREMENTS_BYTES = 1024 * 1024;
const NOTHING = { record: null, history: [], isBegun: false, done: null };

/**
 * Reads the notes of an instance's folder. Applications can write there: links are not followed, pipes do not block, and
 * what is too large or no note counts as nothing.
 */
export async function readInstallationNotes(home: string): Promise<InstallationNotes> {
  const notes = await within(home, [NOTES_FOLDER], NOTHING, async (folder) => ({
    record: await readRecord(join(folder, RECORD_FILE)),
    history: await readHistory(home),
    isBegun: await isFile(join(folder, BEGUN_FILE)),
    done: await readDone(join(folder, DONE_FILE)),
  }));
  const requirements = await within(home, [], null, (folder) =>
    readSmallFile(join(folder, REQUIREMENTS_FILE), MAX_REQUIREMENTS_BYTES).catch(() => null),
  );
  return { ...notes, requirements };
}

function readHistory(home: string): Promise<InstallRecord[]> {
  return within(home, [NOTES_FOLDER, HISTORY_FOLDER], [], async (folder) => {
    const newest = (await namesIn(folder)).sort().reverse().slice(0, MAX_HISTORY);
    const records: InstallRecord[] = [];
    for (const name of newest) records.push(...orNothing(await readRecord(join(folder, name))));
    return records;
  });
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  let count = 0;
  for await (const { name } of await opendir(folder)) {
    if (HISTORY_NAME.test(name)) names.push(name);
    if ((count += 1) === MAX_ENTRIES) break;
  }
  return names;
}

async function readRecord(path: string): Promise<InstallRecord | null> {
  const text = await readSmallFile(path, MAX_RECORD_BYTES).catch(() => null);
  return text === null ? null : readInstallRecord(text);
}

async function readDone(path: string): Promise<SetupDone | null> {
  const text = await readSmallFile(path, MAX_DONE_BYTES).catch(() => null);
  return text === null ? null : readSetupDone(text);
}

async function isFile(path: string): Promise<boolean> {
  const opened = await openRegularFile(path).catch(() => null);
  await opened?.file.close();
  return opened !== null;
}

async function within<T, O = T>(
  home: string,
  names: readonly string[],
  otherwise: O,
  use: (folder: string) => Promise<T>,
): Promise<T | O> {
  const folder: InnerFolder | null = await openInnerFolder(home, names).catch(() => null);
  if (folder === null) return otherwise;
  try {
    return await use(folder.path);
  } finally {
    await folder.close();
  }
}

function orNothing<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
