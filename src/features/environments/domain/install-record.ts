import type { InstallPins, InstallRecord, InstalledRepository } from '../../../contracts/environment.js';
import { isFields, oneOf, plainLine, textOf, timeOf, withoutPasswords } from './plain-values.js';
import type { Fields } from './plain-values.js';

const MAX_TEXT_LENGTH = 200;
const MAX_URL_LENGTH = 2000;
const MAX_PATH_LENGTH = 500;
const MAX_REQUIREMENTS_LENGTH = 16 * 1024;
const MAX_REPOSITORIES = 32;
const MAX_PACKAGES = 2000;
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const DIGEST = /^[0-9a-f]{64}$/;
const PACKAGE_NAME = /^[A-Za-z0-9@][A-Za-z0-9._@/-]{0,199}$/;

/**
 * Reads what functions.sh has written of an installation. Applications can write there: nothing in it is believed to be
 * well formed, and what cannot be used is left out.
 * @returns null when it tells of no installation
 */
export function readInstallRecord(text: string): InstallRecord | null {
  const fields = parse(text);
  const finishedAt = timeOf(fields?.['finished_at']);
  if (fields === null || finishedAt === null) return null;
  return {
    finished_at: finishedAt,
    took_seconds: secondsOf(fields['took_seconds']),
    blueprint: textOf(fields['blueprint'], MAX_TEXT_LENGTH) ?? '',
    script_digest: matching(fields['script_digest'], DIGEST) ?? '',
    pins: readPins(fields['pins']),
    python: readPython(fields['python']),
    installer: oneOf(fields['installer'], ['uv', 'pip', 'conda', 'npm']),
    accelerator: oneOf(fields['accelerator'], ['cuda', 'rocm', 'cpu']),
    repositories: listOf(fields['repositories']).flatMap((value) => readRepository(value) ?? []),
    packages: readPackages(fields['packages']),
  };
}

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function readPins(value: unknown): InstallPins {
  const pins = isFields(value) ? value : {};
  const requirements = pins['extra_requirements'];
  return {
    git_ref: textOf(pins['git_ref'], MAX_TEXT_LENGTH),
    python_version: textOf(pins['python_version'], MAX_TEXT_LENGTH),
    cuda_version: textOf(pins['cuda_version'], MAX_TEXT_LENGTH),
    torch_version: textOf(pins['torch_version'], MAX_TEXT_LENGTH),
    extra_requirements: typeof requirements === 'string' ? plainRequirements(requirements) : '',
  };
}

/** Lines of requirements as they are shown and compared: without passwords, and without what hides in text. */
export function plainRequirements(text: string): string {
  const lines = withoutPasswords(text.slice(0, MAX_REQUIREMENTS_LENGTH)).split('\n');
  return lines
    .map((line) => plainLine(line, MAX_URL_LENGTH))
    .join('\n')
    .trim();
}

function readPython(value: unknown): InstallRecord['python'] {
  if (!isFields(value)) return null;
  const version = textOf(value['version'], MAX_TEXT_LENGTH);
  const source = oneOf(value['source'], ['machine', 'uv', 'conda']);
  return version === null || source === null ? null : { version, source };
}

function readRepository(value: unknown): InstalledRepository | null {
  if (!isFields(value)) return null;
  const path = textOf(value['path'], MAX_PATH_LENGTH);
  const commit = matching(value['commit'], COMMIT);
  if (path === null || commit === null) return null;
  return {
    path,
    url: withoutPasswords(textOf(value['url'], MAX_URL_LENGTH) ?? ''),
    ref: textOf(value['ref'], MAX_TEXT_LENGTH),
    commit,
    subject: textOf(value['subject'], MAX_TEXT_LENGTH) ?? '',
    committed_at: timeOf(value['committed_at']),
  };
}

function readPackages(value: unknown): Record<string, string> {
  if (!isFields(value)) return {};
  const known = Object.entries(value).slice(0, MAX_PACKAGES);
  return Object.fromEntries(
    known.flatMap(([name, version]) => {
      const plain = textOf(version, MAX_TEXT_LENGTH);
      return PACKAGE_NAME.test(name) && plain !== null ? [[name, plain]] : [];
    }),
  );
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_REPOSITORIES) : [];
}

function matching(value: unknown, grammar: RegExp): string | null {
  return typeof value === 'string' && grammar.test(value) ? value : null;
}

function secondsOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : 0;
}
