import { join } from 'node:path';
import { writeFileAtomically } from '../../host/files/atomic-write.js';
import { exists } from '../../host/files/exists.js';

/** Where and how a shell is to work. */
export interface ShellPlace {
  cwd: string;
  env: Readonly<Record<string, string>>;
  packages: { type: 'python' | 'conda'; path: string } | null;
}

export interface ShellCommand {
  command: string[];
  env: Record<string, string>;
  /** A sentence when the shell is not what was wanted, or null. */
  note: string | null;
}

interface Activation {
  lines: string[];
  note: string | null;
}

const PLAIN: Activation = { lines: [], note: null };
const CHARSET_VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LANG'];

/**
 * Prepares an interactive bash that reads the user's own settings and then enters the environment of its place. What it
 * reads is written into `folder`.
 */
export async function prepareShell(folder: string, place: ShellPlace): Promise<ShellCommand> {
  const { lines, note } = await activationOf(place);
  const file = join(folder, 'bashrc');
  const text = ['if [ -n "${HOME:-}" ] && [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi', ...lines, ''];
  await writeFileAtomically(file, text.join('\n'), 0o600, { for: 'apps' });
  return { command: ['bash', '--rcfile', file, '-i'], env: withCharset(place.env), note };
}

/** Without a character set that it knows, bash takes every letter beyond ASCII for noise. */
function withCharset(env: Readonly<Record<string, string>>): Record<string, string> {
  const hasOne = CHARSET_VARIABLES.some((name) => (env[name] ?? '') !== '');
  return hasOne ? { ...env } : { ...env, LANG: 'C.UTF-8' };
}

async function activationOf({ packages, env }: ShellPlace): Promise<Activation> {
  if (packages === null) return PLAIN;
  const { type, path } = packages;
  if (type === 'python') {
    const script = join(path, 'bin', 'activate');
    return (await exists(script)) ? { lines: [`. ${quoted(script)}`], note: null } : notThereYet();
  }
  if (!(await exists(join(path, 'conda-meta')))) return notThereYet();
  const base = await condaBase(env);
  if (base !== null)
    return { lines: [`. ${quoted(join(base, 'bin', 'activate'))} ${quoted(path)}`], note: null };
  return {
    lines: [`export CONDA_PREFIX=${quoted(path)}`, `export PATH=${quoted(join(path, 'bin'))}:"$PATH"`],
    note: 'Conda itself was not found: the programs of the environment are on the PATH, but it is not activated.',
  };
}

function notThereYet(): Activation {
  return {
    lines: [],
    note: 'The environment does not exist yet, so this is a plain shell. It is there once the instance has installed it.',
  };
}

async function condaBase(env: Readonly<Record<string, string>>): Promise<string | null> {
  const home = env['HOME'] ?? '';
  const data = env['BASE_DIR'] ?? '';
  const named = /^(.+)\/(?:bin|condabin)\/conda$/.exec(env['CONDA_EXE'] ?? '')?.[1];
  const candidates = [
    ...(named === undefined ? [] : [named]),
    ...[data, home]
      .filter((folder) => folder !== '')
      .flatMap((folder) => ['miniconda3', 'miniforge3', 'anaconda3'].map((name) => join(folder, name))),
    '/home/abc/miniconda3',
    '/opt/conda',
    '/opt/miniconda3',
  ];
  for (const base of candidates) if (await exists(join(base, 'bin', 'activate'))) return base;
  return null;
}

/** As one word of bash, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
