import type { RawHeaders } from './raw-headers.js';
import { headerValue, headerValues } from './raw-headers.js';

/** What is shown by `object` or `embed` is a page as well, if it is HTML. */
const DOCUMENT_DESTINATIONS = new Set(['document', 'iframe', 'frame', 'object', 'embed']);

/**
 * Whether the browser asks for a page to show (not for data, a script or an image). Browsers say so with
 * `Sec-Fetch-Dest`, but only to trustworthy origins: on a plain-HTTP LAN address the Accept header has to do.
 */
export function isDocumentRequest(raw: RawHeaders): boolean {
  const destination = headerValue(raw, 'sec-fetch-dest');
  if (destination !== undefined) return DOCUMENT_DESTINATIONS.has(destination.toLowerCase());
  if (headerValue(raw, 'x-requested-with') !== undefined) return false;
  return headerValues(raw, 'accept').some((accept) => accept.toLowerCase().includes('text/html'));
}

/**
 * Whether an answer to a document request is a page that the shim can be put into. Encoded, partial and downloaded
 * bodies are left alone, and so are encodings in which `<` is not one byte.
 */
export function isInjectable(method: string, status: number, raw: RawHeaders): boolean {
  if (method === 'HEAD' || status < 200 || [204, 205, 206, 304].includes(status)) return false;
  const type = (headerValue(raw, 'content-type') ?? '').toLowerCase();
  if (!/^\s*text\/html\s*(;|$)/.test(type) || /charset\s*=\s*"?utf-?(16|32)/.test(type)) return false;
  if (headerValues(raw, 'content-encoding').some((coding) => coding.trim().toLowerCase() !== 'identity')) {
    return false;
  }
  return !/^\s*attachment/i.test(headerValue(raw, 'content-disposition') ?? '');
}
