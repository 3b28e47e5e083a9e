import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks again and again until the answer is neither false nor null nor undefined.
 * @throws Error that says what did not happen
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  limitMs = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) {
      return value as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}

/** Looks for a while whether something that must not happen does. */
export async function staysTrue(what: string, probe: () => boolean | Promise<boolean>, spanMs: number) {
  const endMs = performance.now() + spanMs;
  while (performance.now() < endMs) {
    if (!(await probe())) throw new Error(`it did not stay so for ${spanMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}
