import type { BlueprintPackage, ProbeSpec, ProxyMode } from '../../../contracts/blueprint.js';

/** The outcome of reading one value: what it says, or a sentence about why it says nothing. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string };

const read = <T>(value: T): Reading<T> => ({ ok: true, value });
const refuse = (problem: string): Reading<never> => ({ ok: false, problem });

/** Stands in a probe's path for the instance's prefix. */
export const SUBFOLDER_PLACEHOLDER = '${SUBFOLDER}';
const MAX_PROBE_PATH_LENGTH = 512;

/** `http`, `http /path`, a path alone, `tcp` or `process`. */
export function readProbe(value: string): Reading<ProbeSpec> {
  const [word = '', ...rest] = value.split(/\s+/);
  const type = word.toLowerCase();
  if ((type === 'tcp' || type === 'process') && rest.length === 0) return read({ type });
  if (type === 'http' && rest.length === 0) return read({ type: 'http', path: '/' });
  const path = type === 'http' ? rest : [word, ...rest];
  if (path.length === 1 && path[0] !== undefined && isProbePath(path[0]))
    return read({ type: 'http', path: path[0] });
  return refuse('"probe" must be "http", "http /path", "tcp" or "process".');
}

/**
 * An absolute path of printable ASCII, perhaps with a query. What a URL parser would take for another host (`//x`, `/\x`)
 * is refused, for the probe may only ever reach the instance.
 */
function isProbePath(path: string): boolean {
  const expanded = path.replaceAll(SUBFOLDER_PLACEHOLDER, '/');
  if (path.length > MAX_PROBE_PATH_LENGTH || /[^!-~]|[\\#]/.test(path)) return false;
  return path.startsWith(SUBFOLDER_PLACEHOLDER) || (expanded.startsWith('/') && !expanded.startsWith('//'));
}

/**
 * The path that a probe of type `http` asks for on the application's port.
 * @param subfolder the instance's prefix, `/instance/<slug>/`
 */
export function expandProbePath(path: string, subfolder: string): string {
  return path.replaceAll(SUBFOLDER_PLACEHOLDER, () => subfolder);
}

export function readProxyMode(value: string): Reading<ProxyMode> {
  const mode = value.toLowerCase();
  if (mode === 'strip' || mode === 'keep' || mode === 'port') return read(mode);
  return refuse('"proxy.mode" must be "strip", "keep" or "port".');
}

/** null stands for `auto`. */
export function readShim(value: string): Reading<boolean | null> {
  if (value.toLowerCase() === 'auto') return read(null);
  const isOn = toBoolean(value);
  return isOn === null ? refuse('"proxy.shim" must be "auto", "on" or "off".') : read(isOn);
}

export function readDesktop(value: string): Reading<boolean> {
  const isDesktop = toBoolean(value);
  return isDesktop === null ? refuse('"desktop" must be "true" or "false".') : read(isDesktop);
}

export function readVenvType(value: string): Reading<'python' | 'conda'> {
  const type = value.toLowerCase();
  return type === 'python' || type === 'conda'
    ? read(type)
    : refuse('"venv_type" must be "python" or "conda".');
}

/** A path inside the instance's directory; nothing that a shell would expand. */
export function readVenvPath(value: string): Reading<string> {
  const isInside = !/^[/~]|[\\$`]/.test(value) && !value.split('/').includes('..');
  if (value !== '' && value.length <= 255 && isInside) return read(value);
  return refuse('"venv_path" must be a relative path inside the instance\'s directory, such as "./env".');
}

/** Becomes a link in the dashboard, hence only the schemes of the web and no credentials. */
export function readRepository(value: string): Reading<string> {
  const problem = '"repository" must be an address that begins with "https://" or "http://".';
  if (!/^https?:\/\/[!-~]+$/i.test(value) || value.length > 500 || !URL.canParse(value))
    return refuse(problem);
  const url = new URL(value);
  return url.username === '' && url.password === '' ? read(url.href) : refuse(problem);
}

const SIZE = /^(\d{1,5}(?:\.\d{1,3})?)\s*(?:(m|g|t)(?:i?b)?)?$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = { m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `8 GB`, `512 MB`, or a bare number of GB. As on a GPU's label, 1 GB is 2^30 bytes. @param key for the sentence */
export function readSize(key: 'vram' | 'disk', value: string): Reading<number> {
  const match = SIZE.exec(value);
  if (!match) return refuse(`"${key}" must be a size such as "8 GB" or "512 MB".`);
  const unitBytes = UNIT_BYTES[match[2]?.toLowerCase() ?? 'g'] ?? 2 ** 30;
  return read(Math.round(Number(match[1]) * unitBytes));
}

/** Names of packages as their registries give them (packaging.python.org/en/latest/specifications/name-normalization, npm's with a scope). */
const PACKAGE_NAMES = {
  pypi: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/,
  npm: /^(?:@[a-z0-9~-][a-z0-9._~-]{0,99}\/)?[a-z0-9~-][a-z0-9._~-]{0,99}$/,
} as const;

/** `pypi NAME VARIABLE` or `npm NAME VARIABLE`: a package, and the variable that holds its version. */
export function readPackage(value: string): Reading<BlueprintPackage> {
  const [word = '', name = '', variable = '', ...rest] = value.split(/\s+/);
  const registry = word.toLowerCase();
  const isKnown = registry === 'pypi' || registry === 'npm';
  const isVariable = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(variable);
  // A dash at its beginning would make an option of it.
  if (
    isKnown &&
    PACKAGE_NAMES[registry].test(name) &&
    !name.startsWith('-') &&
    isVariable &&
    rest.length === 0
  )
    return read({ registry, name, variable });
  return refuse('"package" must read like: pypi NAME VARIABLE, or npm NAME VARIABLE.');
}

/** The usual words for yes and no, or null. */
export function toBoolean(value: string): boolean | null {
  const word = value.toLowerCase();
  if (['true', 'on', 'yes', '1'].includes(word)) return true;
  if (['false', 'off', 'no', '0'].includes(word)) return false;
  return null;
}
