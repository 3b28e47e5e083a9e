import type { RawHeaders } from './raw-headers.js';
import { headerValues } from './raw-headers.js';

const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?\.?)(?::(\d{1,5}))?$/i;

/** Whether a Host value is a host name or address with an optional port, and nothing else. */
export function isHostValue(host: string): boolean {
  const parts = HOST.exec(host);
  return parts !== null && Number(parts[2] ?? 1) <= 65_535;
}

/**
 * What makes a parsed request ambiguous or unfit to be passed on, as a sentence, or null. Node's parser already refuses
 * Content-Length with Transfer-Encoding, repeated lengths and folded lines; what it lets through is refused here.
 */
export function requestProblem(raw: RawHeaders, isUpgrade: boolean): string | null {
  const hosts = headerValues(raw, 'host');
  if (hosts.length !== 1) return 'A request needs exactly one Host header.';
  if (!isHostValue(hosts[0] ?? '')) return 'The Host header is not a host name with an optional port.';
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
