import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { takenNames } from '../../domain/name-rule.js';
import type { Api, TaggedInstance } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { SystemStore } from '../../state/system.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { changedValues } from './changed-values.js';
import { FormError } from './form-error.js';
import { instanceFacts } from './instance-facts.js';
import { InstanceFields } from './instance-fields.js';

export interface EditHost {
  api: Api;
  instances: InstanceStore;
  blueprints: BlueprintStore;
  system: SystemStore;
  notices: NoticeStore;
}

/** Fetches an instance and opens its details and settings. @throws ApiError */
export async function openEditDialog(host: EditHost, id: number): Promise<void> {
  new EditDialog(host, await host.api.instance(id));
}

class EditDialog {
  private readonly error = new FormError();
  private readonly fields: InstanceFields;
  private readonly save = button({ label: 'Save', kind: 'primary', type: 'submit', testId: 'edit-submit' });
  private readonly dialog: OpenDialog;
  private readonly instance: Instance;
  private isSending = false;

  constructor(
    private readonly host: EditHost,
    private readonly tagged: TaggedInstance,
  ) {
    this.instance = tagged.instance;
    this.fields = new InstanceFields({
      instance: this.instance,
      gpus: host.system.gpus,
      taken: takenNames(host.instances.names(this.instance.id)),
    });
    this.dialog = this.open();
  }

  private open(): OpenDialog {
    const { fields, instance } = this;
    fields.name.control.setAttribute('autofocus', '');
    return openDialog({
      title: instance.name,
      testId: 'edit-dialog',
      content: [
        instanceFacts(instance, this.host.blueprints.label(instance.base_blueprint)),
        h('h3', null, 'Settings'),
        fields.name.root,
        fields.gpus.field.root,
        fields.autostart.root,
        fields.advanced,
        this.error.element,
      ],
      footer: [
        h('span', { class: 'dialog-hint' }, 'Nothing restarts by saving.'),
        button({ label: 'Cancel', onClick: () => this.dialog.close() }),
        this.save,
      ],
      onSubmit: () => void this.submit(),
    });
  }

  private async submit(): Promise<void> {
    if (this.isSending) return;
    this.error.clear();
    if (!this.fields.validate()) return;
    const changed = changedValues(this.instance, this.fields.values());
    if (Object.keys(changed).length === 0) {
      this.dialog.close();
      return;
    }
    this.setSending(true);
    try {
      const saved = await this.host.api.updateInstance(this.instance.id, changed, this.tagged.etag);
      this.dialog.close();
      this.host.notices.success(savedSentence(saved));
    } catch (error) {
      this.showFailure(error);
    } finally {
      this.setSending(false);
    }
  }

  private showFailure(error: unknown): void {
    if (error instanceof ApiError && error.status === 412) {
      this.error.show(
        error.message,
        null,
        button({ label: 'Load it again', testId: 'edit-reload', onClick: () => void this.reload() }),
      );
    } else {
      this.error.showFailure(error, this.fields);
    }
  }

  /** Opens the form anew with the present values. */
  private async reload(): Promise<void> {
    try {
      const present = await this.host.api.instance(this.instance.id);
      this.dialog.close();
      new EditDialog(this.host, present);
    } catch (error) {
      this.error.showFailure(error, this.fields);
    }
  }

  private setSending(isSending: boolean): void {
    this.isSending = isSending;
    this.save.disabled = isSending;
  }
}

function savedSentence(saved: Instance): string {
  return saved.pending_restart
    ? `${saved.name} was saved. Restart it to apply the changes.`
    : `${saved.name} was saved.`;
}
