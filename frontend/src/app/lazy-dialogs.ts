import type { Instance } from '../../../src/contracts/instance.js';
import { loadPart } from '../net/load-part.js';
import { reportFailure } from '../state/report-error.js';
import type { Services } from './services.js';

/** Dialogs that most visits never open: their code is loaded with the first use. */
export class LazyDialogs {
  constructor(
    private readonly services: Services,
    private readonly reveal: (instance: Instance) => void,
  ) {}

  openTrash(): void {
    this.load(async () => {
      const { openTrashDialog } = await loadPart(() => import('../features/trash/trash-dialog.js'));
      openTrashDialog(this.services);
    });
  }

  openNotices(): void {
    this.load(async () => {
      const { openHistoryDialog } = await loadPart(() => import('../features/notices/history-dialog.js'));
      openHistoryDialog({
        notices: this.services.notices,
        instance: (id) => this.services.instances.get(id),
        reveal: this.reveal,
      });
    });
  }

  openBlueprints(): void {
    this.load(async () => {
      const { openBlueprintsDialog } = await loadPart(
        () => import('../features/script/blueprints-dialog.js'),
      );
      openBlueprintsDialog({ ...this.services, api: this.services.scripts });
    });
  }

  openMachineTerminal(): void {
    this.load(async () => {
      const { openMachineTerminal } = await loadPart(
        () => import('../features/terminals/machine-terminal.js'),
      );
      openMachineTerminal(this.services);
    });
  }

  private load(open: () => Promise<void>): void {
    open().catch((error: unknown) => reportFailure(this.services.notices, error));
  }
}
