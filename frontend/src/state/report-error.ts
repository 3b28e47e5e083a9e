import { ApiError } from '../net/http.js';
import { PartMissing } from '../net/load-part.js';
import type { MissingReason } from '../net/load-part.js';
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
  if (error instanceof PartMissing) {
    const isOfOutage = error.reason === 'unreachable';
    const action = isOfOutage ? null : { label: 'Reload', run: () => location.reload() };
    notices.add({ level: 'error', message: partSentence(error.reason), action, isOfOutage });
    return;
  }
  notices.add({ level: 'error', message: `${prefix}This page made a mistake: ${String(error)}` });
}

const PART_SENTENCES: Readonly<Record<MissingReason, string>> = {
  replaced:
    'AiKore was updated while this page was open, and this part of the page has to come from the new version. Reload the page; scripts that you have not saved are kept as drafts.',
  unreachable:
    'AiKore does not answer, so this part of the page could not be loaded. Try again when it is back.',
  broken: 'This part of the page could not be loaded. Try again, or reload the page.',
};

/** Why a part of the page is not there, and what helps. */
export function partSentence(reason: MissingReason): string {
  return PART_SENTENCES[reason];
}

/** `INSTANCE_BUSY · request 1f3a`, to be copied for whoever is asked for help. */
export function errorDetail(error: ApiError): string {
  return error.requestId === null ? error.code : `${error.code} · request ${error.requestId}`;
}
