import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { AiKoreProcess } from './aikore-process.js';
import type { Lab } from './lab.js';
import { AIKORE_UID, APPS, APP_USER, asAikore, asUser } from './two-users.js';

const TOOLS = resolve(import.meta.dirname, '../../docker/tools');
/** What the container's entry does with a volume. */
const PREPARE = `set -eu; source "${TOOLS}/users.sh"; source "${TOOLS}/folders.sh"; prepare_folders "$AIKORE_DATA_DIR"`;

/** Without what only root may use. */
const PATH = '/usr/local/bin:/usr/bin:/bin';
// bash takes a socket, which Node's pipes are, for a sign that it was called from afar.
const QUIET: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

/** A serving AiKore with a user of its own, on a volume as the container prepares it. Whoever runs this is root. */
export async function startKeptApart(
  lab: Lab,
  env: Record<string, string> = {},
  dataDir = lab.dataDir(),
): Promise<AiKoreProcess> {
  // Node makes temporary folders that only their owner can enter.
  chmodSync(lab.root, 0o755);
  prepareVolume(dataDir);
  const ownEnv = { HOME: `${dataDir}/home`, AIKORE_APP_USER: APP_USER, ...env };
  return lab.launch(dataDir, ownEnv, undefined, asAikore()).ready();
}

/** Makes the folders of a volume and gives each to whom it belongs, by the container's own script. */
export function prepareVolume(dataDir: string): void {
  execFileSync('bash', ['-c', PREPARE], {
    stdio: QUIET,
    env: {
      PATH,
      AIKORE_DATA_DIR: dataDir,
      PUID: String(APPS.uid),
      PGID: String(APPS.gid),
    },
  });
}

/** Gives something to AiKore's own user, with a mode that shuts everybody else out. */
export function giveToAikore(path: string, mode: number): void {
  chownSync(path, AIKORE_UID, AIKORE_UID);
  chmodSync(path, mode);
}

const [PROGRAM = '', ...WORDS] = asUser(APPS.uid, APPS.gid);

/** What an application's own script can do. @returns its output @throws when it fails */
export function asApps(script: string, ...args: string[]): string {
  return execFileSync(PROGRAM, [...WORDS, 'bash', '-c', script, 'bash', ...args], {
    cwd: '/',
    encoding: 'utf8',
    stdio: QUIET,
    env: { PATH },
    maxBuffer: 64 * 1024 * 1024,
  });
}

/**
 * Exchanges the names of each pair again and again, thousands of times a second (renameat2(2), RENAME_EXCHANGE), in a
 * folder that is open and so may be moved meanwhile.
 */
const EXCHANGE = `
import ctypes, os, sys
libc = ctypes.CDLL(None)
folder = os.open(sys.argv[1], os.O_RDONLY)
names = [name.encode() for name in sys.argv[2:]]
pairs = list(zip(names[::2], names[1::2]))
print('ready', flush=True)
while True:
    for one, other in pairs:
        libc.renameat2(folder, one, folder, other, 2)
`;

/** An application that exchanges names in one of its folders while something is done. */
export async function whileExchanging(
  folder: string,
  pairs: readonly (readonly [string, string])[],
  task: () => Promise<void>,
): Promise<void> {
  const words = ['python3', '-c', EXCHANGE, folder, ...pairs.flat()];
  const child = spawn(PROGRAM, [...WORDS, ...words], {
    cwd: '/',
    env: { PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const begun = await Promise.race([once(child.stdout, 'data'), ended]);
    if (String(begun[0]).trim() !== 'ready') throw new Error('nobody exchanges anything');
    await task();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
