import { h, setAttribute, uniqueId } from '../base/dom.js';
import { button } from './button.js';
import { copyButton } from './copy.js';

export interface ErrorDetails {
  message: string;
  code: string | null;
  requestId: string | null;
  atMs: number;
}

/** The same as text, for whoever is asked for help. */
function detailsText({ message, code, requestId, atMs }: ErrorDetails): string {
  return [message, code, requestId === null ? null : `request ${requestId}`, new Date(atMs).toISOString()]
    .filter((part) => part !== null)
    .join('\n');
}

/** A button that shows what helps whoever is asked for help, and one that copies it. */
export function detailsPanel(details: ErrorDetails): { buttons: HTMLElement[]; panel: HTMLElement } {
  const panel = h(
    'dl',
    { class: 'toast-details', id: uniqueId('details'), hidden: true, 'data-testid': 'notice-details' },
    ...row('Code', details.code),
    ...row('Message', details.message),
    ...row('Request', details.requestId),
    ...row('Time', new Date(details.atMs).toLocaleString()),
  );
  const toggle = button({
    label: 'Details',
    kind: 'quiet',
    testId: 'notice-show-details',
    attributes: { 'aria-expanded': 'false', 'aria-controls': panel.id },
    onClick: () => {
      panel.hidden = !panel.hidden;
      setAttribute(toggle, 'aria-expanded', String(!panel.hidden));
    },
  });
  const copy = copyButton(() => detailsText(details), {
    testId: 'notice-copy',
    fallback: () => {
      panel.hidden = false;
      setAttribute(toggle, 'aria-expanded', 'true');
      return panel;
    },
  });
  return { buttons: [toggle, copy], panel };
}

function row(term: string, value: string | null): HTMLElement[] {
  return value === null ? [] : [h('dt', null, term), h('dd', null, value)];
}
