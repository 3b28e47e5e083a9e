import type { Instance } from '../../../src/contracts/instance.js';
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
      const { openTrashDialog } = await import('../features/trash/trash-dialog.js');
      openTrashDialog(this.services);
    });
  }

  openNotices(): void {
    this.load(async () => {
      const { openHistoryDialog } = await import('../features/notices/history-dialog.js');
      openHistoryDialog({
        notices: this.services.notices,
        instance: (id) => this.services.instances.get(id),
        reveal: this.reveal,
      });
    });
  }

  openBlueprints(): void {
    this.load(async () => {
      const { openBlueprintsDialog } = await import('../features/script/blueprints-dialog.js');
      openBlueprintsDialog({ ...this.services, api: this.services.scripts });
    });
  }

  openMachineTerminal(): void {
    this.load(async () => {
      const { openMachineTerminal } = await import('../features/terminals/machine-terminal.js');
      openMachineTerminal(this.services);
    });
  }

  /** A chunk that cannot be had, as of a server that was replaced meanwhile, is told of. */
  private load(open: () => Promise<void>): void {
    open().catch((error: unknown) => {
      reportFailure(
        this.services.notices,
        error,
        'This part of the page could not be loaded. Reload the page. ',
      );
    });
  }
}
