import type { Archive } from '../../../../src/contracts/operation.js';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { formatBytes, plural } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { archiveLine } from './archive-line.js';
import { DropPlace } from './drop-place.js';
import { openImportDialog } from './import-dialog.js';
import type { TransferHost } from './transfer-host.js';
import { UploadList } from './upload-list.js';
import { uploadArchive } from './upload-archive.js';
import '../../ui/late-styles.js';

/** Opens the list of archives: to import one, to bring one here and to take one away. */
export function openArchivesDialog(host: TransferHost): void {
  new ArchivesDialog(host);
}

class ArchivesDialog {
  private readonly resources = new DisposableStore();
  private readonly list = h('ul', { class: 'archives', 'aria-label': 'Archives', 'data-testid': 'archives' });
  private readonly state = h('p', { class: 'trash-empty', role: 'status' }, 'Looking for archives…');
  private readonly total = h('p', { class: 'dialog-hint', 'data-testid': 'archives-total' });
  private readonly drop: DropPlace;
  private readonly close = button({
    label: 'Close',
    attributes: { autofocus: true },
    onClick: () => this.dialog.close(),
  });
  private readonly dialog: OpenDialog;
  private archives: readonly Archive[] = [];
  private isClosed = false;

  constructor(private readonly host: TransferHost) {
    const uploads = this.resources.add(new UploadList(host.uploads));
    this.drop = new DropPlace((files) => this.take(files));
    this.dialog = openDialog({
      title: 'Archives',
      testId: 'archives-dialog',
      content: [this.drop.element, uploads.element, this.state, this.list],
      footer: [this.total, this.close],
      onClose: () => {
        this.isClosed = true;
        this.resources.dispose();
      },
    });
    this.drop.accept(this.dialog.element);
    this.resources.add(host.transfers.archivesRevision.watch(() => void this.refresh()));
  }

  private async refresh(): Promise<void> {
    try {
      const archives = await this.host.transferApi.archives();
      if (!this.isClosed) this.show(archives);
    } catch (error) {
      this.state.hidden = false;
      setText(this.state, 'The archives could not be read.');
      reportFailure(this.host.notices, error);
    }
  }

  private show(archives: readonly Archive[]): void {
    const lines = [...this.list.children];
    const place = lines.findIndex((line) => line.contains(document.activeElement));
    this.archives = archives;
    this.state.hidden = archives.length > 0;
    setText(this.state, 'There is no archive. Export an instance, or bring one from another AiKore.');
    replaceChildren(this.list, ...archives.map((archive) => archiveLine(this, archive)));
    const bytes = archives.reduce((sum, { size_bytes: size }) => sum + size, 0);
    setText(
      this.total,
      archives.length === 0 ? '' : `${plural(archives.length, 'archive')}, ${formatBytes(bytes)}`,
    );
    // The focused line was written anew, or is gone: the one in its place, else the way out.
    if (place === -1) return;
    const line = this.list.children[Math.min(place, this.list.children.length - 1)];
    (line?.querySelector<HTMLElement>('button, a') ?? this.close).focus();
  }

  importIt(archive: Archive): void {
    if (archive.contents) openImportDialog(this.host, archive, archive.contents);
  }

  remove(archive: Archive): void {
    void this.removeConfirmed(archive);
  }

  private async removeConfirmed({ file, size_bytes: bytes, contents }: Archive): Promise<void> {
    const isConfirmed = await confirmDialog({
      title: 'Delete this archive?',
      testId: 'confirm-delete-archive',
      paragraphs: [
        `${file} (${formatBytes(bytes)}) is deleted at once. This cannot be undone.`,
        contents === null
          ? 'Nothing can be imported from it anyway.'
          : `The instances of this AiKore stay; what is only in this archive of ${contents.instance_name} is gone.`,
      ],
      confirmLabel: 'Delete',
      cancelLabel: 'Keep it',
    });
    if (!isConfirmed) return;
    try {
      await this.host.transferApi.deleteArchive(file);
      this.host.notices.success(`${file} was deleted.`);
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
    await this.refresh();
  }

  private take(files: readonly File[]): void {
    for (const file of files) void this.upload(file);
  }

  private async upload(file: File): Promise<void> {
    const names = this.archives.map((archive) => archive.file);
    const name = await uploadArchive(this.host, file, names);
    if (name === null) return;
    const importIt = () => {
      const archive = this.archives.find((one) => one.file === name);
      if (archive && !this.isClosed) this.importIt(archive);
      else this.host.openArchives();
    };
    this.host.notices.add({
      level: 'success',
      message: `${name} is uploaded.`,
      action: { label: 'Import…', run: importIt },
    });
    if (!this.isClosed) await this.refresh();
  }
}
