import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { blueprintName } from '../../domain/blueprint.js';
import { lacksOf } from '../../domain/blueprint-needs.js';
import { emptiestGpu } from '../../domain/gpu.js';
import { freeName, takenNames } from '../../domain/name-rule.js';
import type { Api } from '../../net/api.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import type { SystemStore } from '../../state/system.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { fieldGroup } from '../../ui/field.js';
import { BlueprintCard } from './blueprint-card.js';
import { BlueprintPicker } from './blueprint-picker.js';
import { FormError } from './form-error.js';
import { InstanceFields } from './instance-fields.js';
import { PythonKnowledge } from './python-knowledge.js';
import { sparseValues } from './sparse-values.js';
import { machineOf, surroundingsOf } from './surroundings.js';

export interface CreateHost {
  api: Api;
  instances: InstanceStore;
  blueprints: BlueprintStore;
  system: SystemStore;
  notices: NoticeStore;
  /** The instance exists. */
  onCreated(instance: Instance): void;
}

/** Opens the form for a new instance, with a blueprint chosen already where one is named. */
export function openCreateDialog(host: CreateHost, blueprint: string | null = null): void {
  new CreateDialog(host, blueprint);
}

class CreateDialog {
  private readonly resources = new DisposableStore();
  private readonly picker = new BlueprintPicker();
  private readonly pickerField = fieldGroup({
    label: 'Blueprint',
    control: this.picker.element,
    testId: 'field-blueprint',
  });
  private readonly card = new BlueprintCard();
  private readonly pythons: PythonKnowledge;
  private readonly error = new FormError();
  private readonly fields: InstanceFields;
  private readonly create = button({
    label: 'Create',
    kind: 'primary',
    type: 'submit',
    testId: 'create-submit',
  });
  private readonly createAndStart = button({
    label: 'Create and start',
    icon: 'play',
    type: 'submit',
    testId: 'create-start',
  });
  private readonly dialog: OpenDialog;
  private isSending = false;
  /** The name that was filled in; one that the user typed is left alone. */
  private suggestedName = '';

  constructor(
    private readonly host: CreateHost,
    private readonly wanted: string | null,
  ) {
    this.fields = new InstanceFields({
      instance: null,
      gpus: host.system.gpus,
      usualGpuIds: emptiestIndex(host.system.gpus),
      taken: takenNames(host.instances.names()),
      surroundings: surroundingsOf(host, null),
    });
    this.pythons = new PythonKnowledge(host.api);
    this.resources.add(
      this.picker.chosen.on((blueprint) => {
        this.suggestName();
        this.fields.follow(blueprint);
        this.showCard();
      }),
    );
    this.picker.input.addEventListener('input', () => this.showCard());
    this.resources.add(host.blueprints.catalogue.watch(() => this.fill()));
    this.resources.add(host.system.stats.on(() => this.showMachine()));
    this.picker.input.setAttribute('autofocus', '');
    this.dialog = this.open();
    // Other GPUs may suit it, or not.
    this.fields.gpus.field.root.addEventListener('change', () => this.showCard());
    void this.refresh();
    void this.askForPythons();
  }

  private open(): OpenDialog {
    const { fields } = this;
    return openDialog({
      title: 'New instance',
      testId: 'create-dialog',
      width: 'wide',
      content: [
        h(
          'div',
          { class: 'create' },
          this.pickerField.root,
          h('div', { class: 'create-form' }, this.card.element, ...fields.parts, this.error.element),
        ),
      ],
      footer: [
        h('span', { class: 'dialog-hint' }, h('kbd', null, 'Enter'), ' creates'),
        this.create,
        this.createAndStart,
      ],
      onSubmit: (submitter) => void this.submit(submitter === this.createAndStart),
      onClose: () => this.resources.dispose(),
    });
  }

  private async refresh(): Promise<void> {
    try {
      await this.host.blueprints.refresh();
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }

  private fill(): void {
    const blueprints = this.host.blueprints.all();
    this.picker.setBlueprints(blueprints);
    // It may have been edited since it was listed last.
    if (this.picker.value) this.fields.follow(this.picker.value);
    else if (this.wanted !== null) this.picker.choose(this.wanted);
    this.showMachine();
  }

  private async askForPythons(): Promise<void> {
    const pythons = await this.pythons.ask();
    if (pythons === null) return;
    this.fields.offerPythons(pythons);
    this.showMachine();
  }

  /** What this machine lacks is marked in the list by what it has altogether, whatever the form has chosen. */
  private showMachine(): void {
    const machine = machineOf(this.host.system, this.pythons.known);
    const unfit = this.host.blueprints.all().filter((one) => lacksOf(one, machine, null).length > 0);
    this.picker.markUnfit(new Set(unfit.map(({ filename }) => filename)));
    this.showCard();
  }

  private showCard(): void {
    const machine = machineOf(this.host.system, this.pythons.known);
    this.card.show(this.picker.value, machine, this.fields.gpus.value);
  }

  private suggestName(): void {
    const { control } = this.fields.name;
    const blueprint = this.picker.value;
    if (!blueprint || (control.value !== '' && control.value !== this.suggestedName)) return;
    this.pickerField.setProblem(null);
    this.suggestedName = freeName(blueprintName(blueprint), takenNames(this.host.instances.names()));
    control.value = this.suggestedName;
    this.fields.checkName();
  }

  private async submit(isStarting: boolean): Promise<void> {
    if (this.isSending) return;
    this.error.clear();
    const blueprint = this.picker.value;
    this.pickerField.setProblem(blueprint ? null : 'Choose a blueprint.');
    const isValid = this.fields.validate();
    if (!blueprint) this.picker.input.focus();
    if (!blueprint || !isValid) return;
    this.setSending(true);
    try {
      const instance = await this.host.api.createInstance({
        ...sparseValues(this.fields.values()),
        base_blueprint: blueprint.filename,
      });
      this.dialog.close();
      await this.finish(instance, isStarting);
    } catch (error) {
      this.error.showFailure(error, this.fields);
    } finally {
      this.setSending(false);
    }
  }

  private async finish(instance: Instance, isStarting: boolean): Promise<void> {
    this.host.notices.success(`${instance.name} was created.`);
    this.host.onCreated(instance);
    if (!isStarting) return;
    try {
      await this.host.api.command(instance.id, 'start');
    } catch (error) {
      reportFailure(this.host.notices, error, `${instance.name} was created but not started. `);
    }
  }

  private setSending(isSending: boolean): void {
    this.isSending = isSending;
    this.create.disabled = isSending;
    this.createAndStart.disabled = isSending;
  }
}

/** The card with most free memory; null, which means all, where none tells. */
function emptiestIndex(gpus: SystemStore['gpus']): string | null {
  const gpu = emptiestGpu(gpus);
  return gpu === null ? null : String(gpu.index);
}
