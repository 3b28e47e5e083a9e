import { ApiError } from '../net/http.js';
import type { NoticeStore } from './notices.js';

/** Tells of a failed call in the server's words. A lost session is not told of: the sign-in page says it. */
export function reportFailure(notices: NoticeStore, error: unknown, prefix = ''): void {
  if (error instanceof ApiError) {
    if (error.status === 401) return;
    notices.add({
      level: 'error',
      message: prefix + error.message,
      detail: errorDetail(error),
      code: error.code,
      requestId: error.requestId,
      isOfOutage: error.status === 0 && prefix === '',
    });
    return;
  }
  notices.add({ level: 'error', message: `${prefix}This page made a mistake: ${String(error)}` });
}

/** `INSTANCE_BUSY · request 1f3a`, to be copied for whoever is asked for help. */
export function errorDetail(error: ApiError): string {
  return error.requestId === null ? error.code : `${error.code} · request ${error.requestId}`;
}
