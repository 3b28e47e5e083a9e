import type { BlueprintMetadata } from '../../../../src/contracts/blueprint.js';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { takenNames } from '../../domain/name-rule.js';
import { isConflict, withChanges } from '../../domain/pending.js';
import type { PendingRow } from '../../domain/pending.js';
import { SETTING_KEYS, describeSetting, isSameSetting } from '../../domain/settings.js';
import type { SettingKey, SettingValue } from '../../domain/settings.js';
import type { Api, TaggedInstance } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { PendingChanges } from '../../state/pending-changes.js';
import type { SystemStore } from '../../state/system.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { ChangeMarks } from './change-marks.js';
import { changedValues } from './changed-values.js';
import { FormError } from './form-error.js';
import { instanceFacts, kinOf } from './instance-facts.js';
import { InstanceFields } from './instance-fields.js';
import { PythonKnowledge } from './python-knowledge.js';
import { surroundingsOf } from './surroundings.js';

export interface EditHost {
  api: Api;
  instances: InstanceStore;
  blueprints: BlueprintStore;
  system: SystemStore;
  notices: NoticeStore;
  pending: PendingChanges;
}

/** Fetches an instance and opens its details and settings, with the changes that wait. @throws ApiError */
export async function openEditDialog(host: EditHost, id: number): Promise<void> {
  const [tagged, declared] = await Promise.all([host.api.instance(id), declaredBy(host.api, id)]);
  host.pending.rebase(tagged.instance);
  new EditDialog(host, tagged, declared, host.pending.of(id) ?? new Map());
}

/** What its own script declares: the blueprint may have other options by now. Null when that cannot be read: then all is text. */
async function declaredBy(api: Api, id: number): Promise<BlueprintMetadata | null> {
  try {
    return await api.data<BlueprintMetadata>({ path: `/api/instances/${String(id)}/script/metadata` });
  } catch {
    return null;
  }
}

class EditDialog {
  private readonly error = new FormError();
  private readonly fields: InstanceFields;
  private readonly save = button({ label: 'Save', kind: 'primary', type: 'submit', testId: 'edit-submit' });
  private readonly later = button({
    label: 'Save later',
    testId: 'edit-later',
    attributes: { 'data-tip': 'Keeps the changes with those of other rows, for “Save changes”' },
    onClick: () => this.keep(),
  });
  private readonly dialog: OpenDialog;
  private readonly instance: Instance;
  private isSending = false;

  /** @param mine changes that were made before and are not stored */
  constructor(
    private readonly host: EditHost,
    private readonly tagged: TaggedInstance,
    private readonly declared: BlueprintMetadata | null,
    mine: PendingRow,
  ) {
    this.instance = tagged.instance;
    this.fields = new InstanceFields({
      instance: this.instance,
      shown: withChanges(this.instance, mine),
      gpus: host.system.gpus,
      taken: takenNames(host.instances.names(this.instance.id)),
      surroundings: surroundingsOf(host, this.instance.id),
      parent: this.parent,
    });
    this.fields.declare(declared);
    this.dialog = this.open();
    const marks = new ChangeMarks(this.instance, this.fields);
    this.dialog.form.addEventListener('input', () => marks.show());
    this.dialog.form.addEventListener('change', () => marks.show());
    marks.show();
    for (const [key, field] of mine)
      if (isConflict(field)) this.fields.note(key, conflictNote(key, field.theirs));
    void this.askForPythons();
  }

  private get parent(): Instance | null {
    const { parent_instance_id: id } = this.instance;
    return id === null ? null : this.host.instances.get(id);
  }

  private async askForPythons(): Promise<void> {
    const pythons = await new PythonKnowledge(this.host.api).ask();
    if (pythons) this.fields.offerPythons(pythons);
  }

  private open(): OpenDialog {
    const { fields, instance } = this;
    fields.name.control.setAttribute('autofocus', '');
    return openDialog({
      title: instance.name,
      testId: 'edit-dialog',
      content: [
        instanceFacts(
          instance,
          this.host.blueprints.label(instance.base_blueprint),
          this.host.system.info.value,
          kinOf(instance, this.host.instances),
        ),
        h('h3', null, 'Settings'),
        ...fields.parts,
        this.error.element,
      ],
      footer: [
        h('span', { class: 'dialog-hint' }, 'Nothing restarts by saving.'),
        button({ label: 'Cancel', onClick: () => this.dialog.close() }),
        this.later,
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
      this.host.pending.discard(this.instance.id);
      this.dialog.close();
      return;
    }
    this.setSending(true);
    try {
      const saved = await this.host.api.updateInstance(this.instance.id, changed, this.tagged.etag);
      this.host.pending.discard(this.instance.id);
      this.dialog.close();
      this.host.notices.success(savedSentence(saved));
    } catch (error) {
      this.showFailure(error);
    } finally {
      this.setSending(false);
    }
  }

  /** Puts the changes to those that wait, to be saved together. */
  private keep(): void {
    if (!this.fields.validate()) return;
    this.host.pending.proposeAll(this.instance, this.fields.values());
    this.dialog.close();
  }

  private settings(): [SettingKey, SettingValue][] {
    const values = this.fields.values();
    return SETTING_KEYS.flatMap((key): [SettingKey, SettingValue][] => {
      const value = values[key];
      return value === undefined ? [] : [[key, value]];
    });
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

  /** Opens the form anew with the present values; what was changed here stays changed, beside what somebody else made of it. */
  private async reload(): Promise<void> {
    try {
      const present = await this.host.api.instance(this.instance.id);
      this.dialog.close();
      new EditDialog(this.host, present, this.declared, this.changesOver(present.instance));
    } catch (error) {
      this.error.showFailure(error, this.fields);
    }
  }

  private changesOver(present: Instance): PendingRow {
    const changed = this.settings().filter(([key, mine]) => {
      return !isSameSetting(this.instance[key], mine) && !isSameSetting(present[key], mine);
    });
    return new Map(
      changed.map(([key, mine]) => [
        key,
        { base: this.instance[key], mine, theirs: present[key], problem: null },
      ]),
    );
  }

  private setSending(isSending: boolean): void {
    this.isSending = isSending;
    this.save.disabled = isSending;
    this.later.disabled = isSending;
  }
}

function conflictNote(key: SettingKey, theirs: SettingValue): string {
  return `Somebody else stored “${describeSetting(key, theirs)}” meanwhile; saving replaces it by yours.`;
}

function savedSentence(saved: Instance): string {
  return saved.pending_restart
    ? `${saved.name} was saved. Restart it to apply the changes.`
    : `${saved.name} was saved.`;
}
