import { plainText } from './plain-text.js';

/** What version-check.py tells of an environment. */
export interface PackagesReport {
  python: string;
  implementation: string;
  packages: ReadonlyMap<string, string>;
  installedCount: number | null;
  hasPip: boolean;
}

/** What version-check.py tells of torch. */
export interface TorchReport {
  error: string | null;
  cuda: string | null;
  hip: string | null;
  isAvailable: boolean;
  gpus: { name: string; architecture: string }[];
  architectures: string[];
}

type Fields = Readonly<Record<string, unknown>>;
const MAX_TEXT_LENGTH = 200;
const MAX_ERROR_LENGTH = 500;
const MAX_LIST = 64;

/** Finds the line that begins with the word. The environment is the application's: nothing in it is believed to be well formed. */
export function readReport(stdout: string, word: string): Fields | null {
  const line = stdout.split('\n').find((candidate) => candidate.startsWith(`${word} `));
  if (line === undefined) return null;
  try {
    const value: unknown = JSON.parse(line.slice(word.length + 1));
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

export function readPackages(fields: Fields): PackagesReport {
  const versions = Object.entries(isFields(fields['packages']) ? fields['packages'] : {});
  return {
    python: text(fields['python']) ?? '',
    implementation: text(fields['implementation']) ?? '',
    packages: new Map(
      versions.flatMap(([name, version]) => (typeof version === 'string' ? [[name, short(version)]] : [])),
    ),
    installedCount: Number.isInteger(fields['installed']) ? (fields['installed'] as number) : null,
    hasPip: fields['has_pip'] === true,
  };
}

export function readTorch(fields: Fields): TorchReport {
  const error = fields['error'];
  return {
    error: typeof error === 'string' ? plainText(error, MAX_ERROR_LENGTH) : null,
    cuda: text(fields['cuda']),
    hip: text(fields['hip']),
    isAvailable: fields['is_available'] === true,
    gpus: list(fields['gpus']).flatMap((gpu) =>
      isFields(gpu) ? [{ name: text(gpu['name']) ?? '', architecture: text(gpu['architecture']) ?? '' }] : [],
    ),
    architectures: list(fields['architectures']).flatMap((name) => text(name) ?? []),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_LIST) : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? short(value) : null;
}

function short(value: string): string {
  return plainText(value, MAX_TEXT_LENGTH).replace(/\s+/g, ' ');
}
