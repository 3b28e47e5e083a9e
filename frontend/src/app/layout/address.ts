import { listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

/** Whose tools are open: `#log=7`. */
export interface Address {
  tool: string;
  id: number;
}

interface SheetState {
  isSheet?: boolean;
}

export function readAddress(): Address | null {
  const match = /^#([a-z]+)=(\d+)$/.exec(location.hash);
  return match?.[1] ? { tool: match[1], id: Number(match[2]) } : null;
}

/**
 * Writes down whose tools are open, so that a reload and a bookmark come back to the same place.
 * @param isSheet they opened over everything: the browser's *back* closes them again
 */
export function writeAddress({ tool, id }: Address, isSheet: boolean): void {
  const hash = `#${tool}=${String(id)}`;
  if (location.hash === hash) return;
  if (isSheet && location.hash === '') history.pushState({ isSheet: true } satisfies SheetState, '', hash);
  else history.replaceState(history.state, '', hash);
}

export function clearAddress(): void {
  if (location.hash === '') return;
  if ((history.state as SheetState | null)?.isSheet === true) history.back();
  else history.replaceState(null, '', location.pathname);
}

/** Hears when the user went back or forth, or changed the address by hand. What names something else is not of the tools. */
export function onAddress(run: (address: Address | null) => void): Disposable {
  return listen(window, 'popstate', () => {
    const address = readAddress();
    if (address !== null || location.hash === '') run(address);
  });
}
