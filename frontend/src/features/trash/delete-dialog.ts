import type { Instance } from '../../../../src/contracts/instance.js';
import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { confirmDialog } from '../../ui/dialog.js';

export interface DeleteHost {
  api: Api;
  notices: NoticeStore;
  openTrash(): void;
}

/** Asks, says what is lost and how it comes back, and deletes. */
export async function deleteInstance(
  host: DeleteHost,
  instance: Instance,
  mode: 'trash' | 'permanent',
): Promise<void> {
  const isConfirmed = await confirmDialog(mode === 'trash' ? trashWords(instance) : permanentWords(instance));
  if (!isConfirmed) return;
  try {
    await host.api.deleteInstance(instance.id, mode);
    host.notices.add(said(host, instance, mode));
  } catch (error) {
    reportFailure(host.notices, error);
  }
}

function said(
  host: DeleteHost,
  instance: Instance,
  mode: 'trash' | 'permanent',
): Parameters<NoticeStore['add']>[0] {
  if (mode === 'permanent') return { level: 'success', message: `${instance.name} was deleted.` };
  return {
    level: 'success',
    message: `${instance.name} is in the trash.`,
    action: { label: 'Open trash', run: () => host.openTrash() },
  };
}

function trashWords(instance: Instance): Parameters<typeof confirmDialog>[0] {
  return {
    title: `Move ${instance.name} to the trash?`,
    testId: 'confirm-trash',
    paragraphs: [
      'Its folder, with environment, settings and log, goes to the trash. What it made in its output folder stays where it is.',
      'You get it back from the menu under “Trash”, with Restore.',
    ],
    confirmLabel: 'Move to trash',
  };
}

function permanentWords(instance: Instance): Parameters<typeof confirmDialog>[0] {
  return {
    title: `Delete ${instance.name} permanently?`,
    testId: 'confirm-delete',
    paragraphs: [
      'Its folder, with environment, settings and log, is deleted at once. This cannot be undone, and there is no copy.',
      'What it made in its output folder stays where it is. To be able to come back, move it to the trash instead.',
    ],
    confirmLabel: 'Delete permanently',
  };
}
