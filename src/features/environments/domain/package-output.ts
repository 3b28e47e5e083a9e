import { compareVersions, isRelease } from '../../../core/text/domain/version-order.js';
import { plainLine, withoutPasswords } from './plain-values.js';

const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,99}$/;
const MAX_SENTENCE_LENGTH = 300;

/** Newest release that `pip index versions` printed: `name (1.2.3)`, then `Available versions: 1.2.3, 1.2.2`. */
export function latestOfPip(stdout: string): string | null {
  const head = /^[A-Za-z0-9._-]{1,200} \(([^)\s]{1,100})\)\s*$/m.exec(stdout)?.[1];
  const list = /^Available versions: (.{1,100000})$/m.exec(stdout)?.[1]?.split(', ');
  const first = head ?? list?.[0];
  return first !== undefined && VERSION.test(first) ? first : null;
}

/** What `uv pip compile` pinned a package to. */
export function latestOfUv(stdout: string, name: string): string | null {
  for (const line of stdout.split('\n')) {
    const [found = '', version = ''] = line.trim().split('==');
    if (packageKey(found) === packageKey(name) && VERSION.test(version)) return version;
  }
  return null;
}

/** What `npm view NAME dist-tags --json` says is the newest release. */
export function latestOfNpm(stdout: string): string | null {
  try {
    const tags: unknown = JSON.parse(stdout);
    const latest = typeof tags === 'object' && tags !== null && 'latest' in tags ? tags.latest : null;
    return typeof latest === 'string' && VERSION.test(latest) ? latest : null;
  } catch {
    return null;
  }
}

/** Names that mean the same package (PEP 503). */
export function packageKey(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The version of a package in a record; null when it is not there. */
export function installedVersion(packages: Readonly<Record<string, string>>, name: string): string | null {
  const key = packageKey(name);
  return Object.entries(packages).find(([known]) => packageKey(known) === key)?.[1] ?? null;
}

/** Whether an update would bring something: not where a trial is installed that is newer than the newest release. */
export function isUpdate(installed: string | null, latest: string | null): boolean {
  if (installed === null || latest === null || installed === latest) return false;
  const order = compareVersions(latest, installed);
  return order === null ? isRelease(latest) : order > 0;
}

/** One sentence on why a registry could not say what is newest. */
export function packageProblem(registry: string, name: string, said: string): string {
  const tail = said.slice(-16_384);
  if (/No matching distribution|E404|404 Not Found|not found in the package registry/i.test(tail))
    return `${registry} has no package ${name}.`;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|NewConnectionError|ConnectTimeout|Failed to fetch|error sending request|timed out/i.test(
      tail,
    )
  )
    return `${registry} cannot be reached.`;
  const lines = tail.split('\n').map((line) => plainLine(withoutPasswords(line), MAX_SENTENCE_LENGTH));
  const last = lines.filter((line) => line !== '').at(-1);
  return last === undefined
    ? `${registry} did not say what is newest.`
    : `${registry} could not be asked: ${last}`;
}
