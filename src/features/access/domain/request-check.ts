import type { RawHeaders } from './raw-headers.js';
import { headerValues } from './raw-headers.js';

/** Node keeps the first of these, others the last: sent twice they mean different things to different programs. */
const AT_MOST_ONCE = ['origin', 'authorization', 'sec-fetch-site', 'content-length'];

/**
 * What makes a parsed request ambiguous or unfit to be passed on, as a sentence, or null. Node's parser already refuses
 * Content-Length with Transfer-Encoding, repeated lengths and folded lines; what it lets through is refused here.
 */
export function requestProblem(raw: RawHeaders, isUpgrade: boolean): string | null {
  const hosts = headerValues(raw, 'host');
  if (hosts.length !== 1) return 'A request needs exactly one Host header.';
  const repeated = AT_MOST_ONCE.find((name) => headerValues(raw, name).length > 1);
  if (repeated !== undefined) return `The header ${repeated} was sent more than once.`;
  const codings = headerValues(raw, 'transfer-encoding');
  if (codings.length > 1 || codings.some((coding) => coding.trim().toLowerCase() !== 'chunked')) {
    return 'The only transfer coding that is understood is chunked.';
  }
  if (isUpgrade && hasBody(raw)) return 'A request to change the protocol must not carry a body.';
  return null;
}

/** Whether the headers announce a body. */
export function hasBody(raw: RawHeaders): boolean {
  if (headerValues(raw, 'transfer-encoding').length > 0) return true;
  return headerValues(raw, 'content-length').some((length) => Number(length) > 0);
}
