import type { PythonChoice } from '../../../contracts/environment.js';

type Fields = Readonly<Record<string, unknown>>;

const VERSION = /^(\d{1,2})\.(\d{1,3})$/;
/** Older ones run none of today's applications. */
const OLDEST_MINOR = 8;

/** What a Python is asked: its version, and whether it can make environments by itself (Debian keeps that in a package). */
export const PYTHON_QUESTION =
  'import sys,importlib.util as u;print("%d.%d" % sys.version_info[:2], all(map(u.find_spec,("venv","ensurepip"))))';

/** Reads the answer to `PYTHON_QUESTION`. */
export function readPythonAnswer(stdout: string): { version: string; makesEnvironments: boolean } | null {
  const [version = '', makes] = stdout.trim().split(' ');
  return isOffered(version) ? { version, makesEnvironments: makes === 'True' } : null;
}

/** Reads what `uv python list --managed-python --output-format json` printed: those it has, and those it can download. */
export function readUvList(stdout: string): PythonChoice[] {
  const choices = listOf(parse(stdout)).flatMap((entry): PythonChoice[] => {
    const { version, variant, implementation, path } = entry;
    const isPlain = implementation === 'cpython' && (variant === undefined || variant === 'default');
    // A trial of the next Python says so behind its number.
    const release = typeof version === 'string' ? /^(\d+\.\d+)\.\d+$/.exec(version)?.[1] : undefined;
    if (!isPlain || release === undefined || !isOffered(release)) return [];
    return [{ version: release, source: 'uv', is_present: typeof path === 'string' }];
  });
  return mergePythons(choices);
}

/** What conda's folders of packages hold, by the names of their folders: `python-3.11.9-h955ad1f_0`. */
export function readCondaPackages(names: readonly string[]): PythonChoice[] {
  const choices = names.flatMap((name): PythonChoice[] => {
    const version = /^python-(\d+\.\d+)\.\d+-[\w.]+$/.exec(name)?.[1];
    return version !== undefined && isOffered(version)
      ? [{ version, source: 'conda', is_present: true }]
      : [];
  });
  return mergePythons(choices);
}

/** Version and folders of packages from `conda info --json`. */
export function readCondaInfo(stdout: string): { version: string; folders: string[] } | null {
  const info = parse(stdout);
  if (!isFields(info) || typeof info['conda_version'] !== 'string') return null;
  const folders = Array.isArray(info['pkgs_dirs']) ? (info['pkgs_dirs'] as unknown[]) : [];
  return {
    version: plainVersion(info['conda_version']) ?? 'unknown',
    folders: folders.filter((folder): folder is string => typeof folder === 'string').slice(0, 8),
  };
}

/** `uv 0.9.2 (…)` is `0.9.2`. */
export function plainVersion(text: string): string | null {
  return /\d+(?:\.\d+){1,3}/.exec(text.slice(0, 200))?.[0] ?? null;
}

/** Each version of a source once, newest first; one that is there counts. */
export function mergePythons(choices: readonly PythonChoice[]): PythonChoice[] {
  const merged = new Map<string, PythonChoice>();
  for (const choice of choices) {
    const key = `${choice.version} ${choice.source}`;
    if (merged.get(key)?.is_present !== true) merged.set(key, choice);
  }
  return [...merged.values()].sort((a, b) => minorOf(b.version) - minorOf(a.version) || order(a) - order(b));
}

function order({ source }: PythonChoice): number {
  return ['machine', 'uv', 'conda'].indexOf(source);
}

function isOffered(version: string): boolean {
  const match = VERSION.exec(version);
  return match?.[1] === '3' && Number(match[2]) >= OLDEST_MINOR;
}

function minorOf(version: string): number {
  return Number(VERSION.exec(version)?.[2] ?? 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields).slice(0, 1000) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
