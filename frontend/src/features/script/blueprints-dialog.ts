import type { Blueprint } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren } from '../../base/dom.js';
import { listen } from '../../base/lifecycle.js';
import { emptyBlueprint } from '../../domain/script-metadata.js';
import { reportFailure } from '../../state/report-error.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';
import { BlueprintDetail } from './blueprint-detail.js';
import { BlueprintList } from './blueprint-list.js';
import { openSaveAsDialog } from './save-as-dialog.js';
import type { BlueprintsHost } from './hosts.js';
import '../../ui/late-styles.js';

/** All blueprints: shipped ones to read and copy, the operator's own to write, rename and delete. */
export function openBlueprintsDialog(host: BlueprintsHost): void {
  new BlueprintsDialog(host);
}

class BlueprintsDialog {
  private readonly list: BlueprintList;
  private readonly place = h('div', { class: 'blueprints-detail' });
  private readonly body: HTMLElement;
  private detail: BlueprintDetail | null = null;

  constructor(private readonly host: BlueprintsHost) {
    this.list = new BlueprintList({
      choose: (blueprint) => void this.choose(blueprint),
      create: () => void this.create(),
    });
    this.body = h('div', { class: 'blueprints' }, this.list.element, this.place);
    const unload = listen(window, 'beforeunload', (event) => {
      if (this.detail?.isDirty === true) event.preventDefault();
    });
    const changes = host.blueprints.catalogue.on(() => this.refresh());
    this.showNothing();
    this.refresh();
    openDialog({
      title: 'Blueprints',
      testId: 'blueprints-dialog',
      width: 'sheet',
      content: [this.body],
      mayClose: () => this.mayLeave(),
      onClose: () => {
        unload.dispose();
        changes.dispose();
        this.detail?.dispose();
      },
    });
    this.list.focus();
    host.blueprints.refresh().catch((error: unknown) => reportFailure(host.notices, error));
  }

  private refresh(): void {
    const all = this.host.blueprints.all();
    this.list.show(all);
    const { detail } = this;
    if (!detail) return;
    const present = all.find(
      ({ filename, origin }) => filename === detail.filename && origin === detail.origin,
    );
    if (present) void detail.update(present);
    else if (!detail.isDirty) this.showNothing();
  }

  private async choose(blueprint: Blueprint): Promise<void> {
    const { detail } = this;
    if (detail && detail.filename === blueprint.filename && detail.origin === blueprint.origin) {
      this.body.classList.add('has-chosen');
      return;
    }
    if (await this.mayLeave()) this.open(blueprint);
  }

  private open(blueprint: Blueprint): void {
    this.detail?.dispose();
    this.detail = new BlueprintDetail(this.host, blueprint, {
      back: () => void this.back(),
      copy: (content) => this.saveAs(blueprint.name || blueprint.filename, content),
      renamed: (filename) => void this.reopen(filename),
      deleted: () => {
        this.showNothing();
        this.list.focus();
        void this.host.blueprints.refreshQuietly();
      },
    });
    this.body.classList.add('has-chosen');
    this.list.mark(blueprint);
    replaceChildren(this.place, this.detail.element);
  }

  private async back(): Promise<void> {
    if (!(await this.mayLeave())) return;
    this.showNothing();
    this.list.focus();
  }

  private async create(): Promise<void> {
    if (await this.mayLeave()) this.saveAs('My blueprint', emptyBlueprint('My blueprint'));
  }

  private saveAs(wantedName: string, content: string): void {
    openSaveAsDialog({
      ...this.host,
      wantedName,
      content,
      onSaved: (filename) => void this.reopen(filename),
    });
  }

  /** Shows a custom blueprint that was made or renamed just now. */
  private async reopen(filename: string): Promise<void> {
    await this.host.blueprints.refreshQuietly();
    const made = this.host.blueprints
      .all()
      .find((known) => known.origin === 'custom' && known.filename === filename);
    if (made) this.open(made);
  }

  private showNothing(): void {
    this.detail?.dispose();
    this.detail = null;
    this.body.classList.remove('has-chosen');
    this.list.mark(null);
    replaceChildren(
      this.place,
      h(
        'p',
        { class: 'blueprints-empty' },
        'Choose a blueprint to read its script. Copy a shipped one to make it your own, or begin a new one.',
      ),
    );
  }

  private async mayLeave(): Promise<boolean> {
    if (this.detail?.isDirty !== true) return true;
    const { filename } = this.detail;
    return confirmDialog({
      title: `Leave ${filename} unsaved?`,
      testId: 'confirm-leave-blueprint',
      paragraphs: [
        'Your changes are not saved. They are kept in this browser and offered when you open this blueprint again.',
      ],
      confirmLabel: 'Leave',
      cancelLabel: 'Keep editing',
    });
  }
}
