import { fetchText } from './http.js';

/** `replaced`: another build is on the server; `unreachable`: nothing answers; `broken`: it is there and cannot be loaded. */
export type MissingReason = 'replaced' | 'unreachable' | 'broken';

/** A part of the page whose code is loaded late did not come. */
export class PartMissing extends Error {
  constructor(
    readonly reason: MissingReason,
    cause: unknown,
  ) {
    super(`a part of the page did not come: ${String(cause)}`, { cause });
    this.name = 'PartMissing';
  }
}

/**
 * Loads code that comes in a chunk of its own.
 * @throws PartMissing with the reason: a page lives longer than the files that it was loaded from
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new PartMissing(await findReason(), error);
  }
}

/** Files are named by their content: another build's page names other ones. */
async function findReason(): Promise<MissingReason> {
  const page = await fetchText('/');
  if (page === null) return 'unreachable';
  const own = [...document.querySelectorAll<HTMLScriptElement>('script[src]')];
  const isSame = own.every((script) => page.includes(new URL(script.src).pathname));
  return isSame ? 'broken' : 'replaced';
}
