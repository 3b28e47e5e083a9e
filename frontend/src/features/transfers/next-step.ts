import type { Operation } from '../../../../src/contracts/operation.js';
import { h } from '../../base/dom.js';
import { archivePath } from '../../net/transfer-api.js';
import { reportFailure } from '../../state/report-error.js';
import type { NoticeAction } from '../../state/notices.js';
import type { TransferHost } from './transfer-host.js';

/** What one does after an operation that went well: start what was made, or fetch the file. */
export function nextStep(host: TransferHost, operation: Operation): NoticeAction {
  if (operation.kind === 'export') return { label: 'Download', run: () => download(operation.subject) };
  return { label: 'Start it', run: () => start(host, operation) };
}

function start({ api, notices, instances }: TransferHost, { instance_id: id, subject }: Operation): void {
  if (id === null || !instances.get(id)) {
    notices.add({ level: 'info', message: `${subject} is not there any more.` });
    return;
  }
  const told = api.command(id, 'start').then(() => notices.success(`Starting ${subject}.`));
  told.catch((error: unknown) => reportFailure(notices, error));
}

/** The browser saves it: the server says that it is a file to be kept. */
export function download(file: string): void {
  const link = h('a', { href: archivePath(file), download: file });
  document.body.append(link);
  link.click();
  link.remove();
}
