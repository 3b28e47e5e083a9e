import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LABEL } from './container.js';
import { engineEnvironment } from './docker.js';
import { REPOSITORY } from './dockerfile.js';
import type { TestImage } from './image.js';

const WALK = resolve(import.meta.dirname, '../../fixtures/container/walk.py');
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** A file of the image. */
export interface ImageFile {
  path: string;
  kind: 'd' | 'f' | 'l' | 'other';
  mode: number;
  uid: number;
  gid: number;
  bytes: number;
  hasCapabilities: boolean;
}

type Row = [string, ImageFile['kind'], number, number, number, number, boolean];

/** Every file of an image, as a container sees it that has started nothing. */
export function filesOf(image: TestImage): ImageFile[] {
  const args = [
    'run',
    '--rm',
    '--interactive',
    `--label=${LABEL}`,
    '--network=none',
    '--entrypoint=python3',
    image.id,
    '-',
  ];
  const { status, stdout, stderr } = spawnSync('docker', args, {
    env: engineEnvironment(),
    input: readFileSync(WALK),
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (status !== 0) throw new Error(`the image cannot be looked through: ${stderr}`);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  return rows.map(([path, kind, mode, uid, gid, bytes, hasCapabilities]) => ({
    path,
    kind,
    mode,
    uid,
    gid,
    bytes,
    hasCapabilities,
  }));
}

const SET_IDS = 0o6000;
const BY_OTHERS = 0o002;
const BY_GROUP = 0o020;

/** Whether somebody else than root may change it, or it acts with rights of its own. A link's own mode means nothing. */
export function isUnusual({ kind, mode, uid, gid, hasCapabilities }: ImageFile): boolean {
  if (uid !== 0 || hasCapabilities) return true;
  if (kind === 'l') return false;
  return (mode & (SET_IDS | BY_OTHERS)) !== 0 || ((mode & BY_GROUP) !== 0 && gid !== 0);
}

/** As a line of docker/expected-modes.txt, without the reason. */
export function describeMode({ path, kind, mode, uid, gid, hasCapabilities }: ImageFile): string {
  return `${kind}${mode.toString(8).padStart(4, '0')}${hasCapabilities ? '+capabilities' : ''} ${uid}:${gid} ${path}`;
}

/** What docker/expected-modes.txt says, with its reasons. */
export function expectedModes(): { line: string; reason: string }[] {
  const text = readFileSync(join(REPOSITORY, 'docker/expected-modes.txt'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [mode = '', owner = '', path = '', ...reason] = line.split(/\s+/);
    return { line: `${mode} ${owner} ${path}`, reason: reason.join(' ') };
  });
}
