import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import type { Notice, NoticeLevel, NoticeStore } from '../../state/notices.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import type { IconName } from '../../ui/icon.js';
import { detailsPanel } from '../../ui/toast-details.js';
import '../../ui/late-styles.js';

export interface HistoryHost {
  notices: NoticeStore;
  instance(id: number): Instance | null;
  reveal(instance: Instance): void;
}

const LOOKS: Record<NoticeLevel, { symbol: IconName; word: string; meaning: string }> = {
  success: { symbol: 'check', word: 'Done', meaning: 'fine' },
  info: { symbol: 'info', word: 'News', meaning: 'working' },
  warning: { symbol: 'warning', word: 'Warning', meaning: 'attention' },
  error: { symbol: 'status-error', word: 'Error', meaning: 'failed' },
};

/** What was said since the page was opened, newest first. */
export function openHistoryDialog(host: HistoryHost): void {
  const list = h('ol', { class: 'notice-history', 'data-testid': 'notice-history' });
  const empty = h('p', { class: 'trash-empty' }, 'Nothing was said since this page was opened.');
  const clear = button({
    label: 'Clear',
    icon: 'clear',
    testId: 'notice-history-clear',
    onClick: () => {
      host.notices.forgetHistory();
      close.focus();
    },
  });
  const close = button({ label: 'Close', onClick: () => dialog.close() });
  const draw = (notices: readonly Notice[]) => {
    empty.hidden = notices.length > 0;
    clear.hidden = notices.length === 0;
    replaceChildren(list, ...notices.toReversed().map((notice) => entry(host, notice, () => dialog.close())));
    host.notices.markRead();
  };
  const subscription = host.notices.history.watch((notices) => draw(notices));
  const dialog = openDialog({
    title: 'Messages',
    testId: 'notice-history-dialog',
    content: [empty, list],
    footer: [clear, close],
    onClose: () => subscription.dispose(),
  });
}

function entry(host: HistoryHost, notice: Notice, close: () => void): HTMLElement {
  const look = LOOKS[notice.level];
  const instance = notice.instanceId === null ? null : host.instance(notice.instanceId);
  const details = notice.level === 'error' || notice.code !== null ? detailsPanel(notice) : null;
  const show = instance
    ? button({
        label: `Show ${instance.name}`,
        kind: 'quiet',
        testId: 'notice-instance',
        onClick: () => {
          close();
          host.reveal(instance);
        },
      })
    : null;
  const at = new Date(notice.atMs);
  return h(
    'li',
    { class: 'notice-entry', 'data-meaning': look.meaning, 'data-testid': 'notice-history-entry' },
    icon(look.symbol),
    h(
      'div',
      { class: 'notice-entry-text' },
      h(
        'p',
        null,
        h('strong', null, `${look.word}: `),
        notice.message,
        notice.count > 1 ? h('span', { class: 'toast-count' }, ` ×${String(notice.count)}`) : null,
      ),
      show || details ? h('div', { class: 'toast-footer' }, show, ...(details?.buttons ?? [])) : null,
      details?.panel ?? null,
    ),
    h('time', { datetime: at.toISOString(), 'data-tip': at.toLocaleString() }, at.toLocaleTimeString()),
  );
}
