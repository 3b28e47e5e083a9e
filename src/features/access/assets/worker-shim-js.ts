import { SHIM_CORE_JS } from './shim-core-js.js';

/**
 * The shim of a worker, which its script loads first: no Referer goes along with a worker's WebSockets, so nothing else
 * could tell whose they are.
 */
export const WORKER_SHIM_JS = String.raw`(() => {
  'use strict';
  const found = /^\/instance\/[a-z0-9-]+(?=\/)/.exec(location.pathname);
  if (!found || self.__aikoreShim) return;
  Object.defineProperty(self, '__aikoreShim', { value: true });
  const prefix = found[0];
  const baseOf = () => location.href;
${SHIM_CORE_JS}
})();
`;
