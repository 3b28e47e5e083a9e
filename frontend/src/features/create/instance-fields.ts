import type { Blueprint, BlueprintMetadata } from '../../../../src/contracts/blueprint.js';
import type { PythonChoices } from '../../../../src/contracts/environment.js';
import type { Instance, RestartPolicy } from '../../../../src/contracts/instance.js';
import type { Gpu } from '../../../../src/contracts/system.js';
import { h } from '../../base/dom.js';
import { wishesOf } from '../../domain/blueprint.js';
import { nameProblem } from '../../domain/name-rule.js';
import type { TakenNames } from '../../domain/name-rule.js';
import type { SettingKey } from '../../domain/settings.js';
import { checkbox } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';
import { GpuField } from '../../ui/gpu-field.js';
import { AddressFields } from './address-fields.js';
import type { AddressFieldsOptions } from './address-fields.js';
import { EnvFields } from './env-fields.js';
import type { FieldKey, FieldValues } from './field-values.js';
import { PinFields } from './pin-fields.js';
import { numberField, restartPolicyField, textField } from './plain-fields.js';
import { sharedEnvironment } from './shared-environment.js';

export interface FieldsOptions {
  /** What is edited, as it is stored, or null for a new one. */
  instance: Instance | null;
  /** What the fields hold at first, when that is not what is stored. */
  shown?: Instance;
  /** The GPUs of a new one: `gpu_ids` of the wire. */
  usualGpuIds?: string | null;
  gpus: readonly Gpu[];
  taken: TakenNames;
  /** What the fields of the address need to know of the rest. */
  surroundings: Pick<AddressFieldsOptions, 'neighbours' | 'missingForDesktops' | 'portRange'>;
  /** Whose files a satellite uses; its environment is changed there. null: it is gone. */
  parent?: Instance | null;
}

/** The fields that creating and editing share, what is wrong with them, and their values. */
export class InstanceFields {
  readonly name: Field<HTMLInputElement>;
  readonly gpus: GpuField;
  readonly autostart = checkbox('Start together with AiKore', false, 'field-autostart');
  readonly address: AddressFields;
  /** What the blueprint lets one decide. */
  readonly variables: HTMLElement;
  /** What it is installed from. */
  readonly environment: HTMLElement;
  readonly advanced: HTMLDetailsElement;
  private readonly port: Field<HTMLInputElement>;
  private readonly outputPath: Field<HTMLInputElement>;
  readonly env: EnvFields;
  /** null for a satellite, whose environment is its parent's. */
  private readonly pins: PinFields | null;
  private readonly launchArgs: Field<HTMLInputElement>;
  private readonly restartPolicy: Field<HTMLSelectElement>;
  private readonly probe: Field<HTMLInputElement>;
  private readonly byKey: Map<string, Field<HTMLElement>>;

  constructor(private readonly options: FieldsOptions) {
    const instance = options.shown ?? options.instance;
    this.name = textField('Name', 'field-name', instance?.name ?? '');
    this.name.control.required = true;
    this.name.control.addEventListener('input', () => this.checkName());
    this.gpus = new GpuField(options.gpus, instance ? instance.gpu_ids : (options.usualGpuIds ?? null));
    this.autostart.control.checked = instance?.autostart ?? false;
    this.port = numberField(instance?.port ?? null);
    this.port.control.addEventListener('input', () => this.port.setProblem(this.portProblem()));
    this.outputPath = textField(
      'Output folder',
      'field-output-path',
      instance?.output_path ?? '',
      'Empty: a folder of its own under “outputs”.',
    );
    this.env = new EnvFields(options.instance?.env ?? {}, instance?.env ?? {});
    this.variables = this.env.variables;
    const isSatellite = (options.instance?.parent_instance_id ?? null) !== null;
    this.pins = isSatellite ? null : new PinFields(options.instance, instance);
    this.environment = this.pins?.element ?? sharedEnvironment(options.parent ?? null);
    this.launchArgs = textField(
      'Launch arguments',
      'field-launch-args',
      instance?.launch_args ?? '',
      'Given to the blueprint, split as a shell would.',
    );
    this.restartPolicy = restartPolicyField(instance?.restart_policy ?? 'no');
    this.probe = textField(
      'Probe',
      'field-probe',
      instance?.probe ?? '',
      'How AiKore sees that it is ready: “http /path”, “tcp” or “process”. Empty: as its blueprint says.',
    );
    this.address = new AddressFields({
      ...options.surroundings,
      stored: options.instance,
      shown: instance,
    });
    this.byKey = this.indexFields();
    this.advanced = this.buildAdvanced();
  }

  /** All parts below the name, in the order of the form. */
  get parts(): HTMLElement[] {
    return [
      this.name.root,
      this.gpus.field.root,
      this.autostart.root,
      this.variables,
      this.environment,
      this.address.element,
      this.advanced,
    ];
  }

  /** Offers what a blueprint declares, and says what it takes by itself. */
  declare(blueprint: BlueprintMetadata | null): void {
    this.env.declare(blueprint?.variables ?? []);
    this.pins?.follow(blueprint);
  }

  /** Shows what a newly chosen blueprint asks for, where the user has said nothing. */
  follow(blueprint: Blueprint): void {
    this.declare(blueprint);
    this.address.follow(wishesOf(blueprint));
  }

  offerPythons(pythons: PythonChoices): void {
    this.pins?.offerPythons(pythons);
  }

  checkName(): void {
    this.name.setProblem(this.nameProblem());
  }

  /** Shows everything that is wrong; false when something is. The first field at fault gets the focus. */
  validate(): boolean {
    for (const target of this.all()) target.setProblem(null);
    this.checkName();
    this.port.setProblem(this.portProblem());
    this.env.check();
    this.pins?.check();
    this.address.check();
    return this.focusFirstProblem();
  }

  values(): FieldValues {
    const port = this.port.control.value.trim();
    return {
      name: this.name.control.value,
      gpu_ids: this.gpus.value,
      autostart: this.autostart.control.checked,
      ...(port === '' ? {} : { port: Number(port) }),
      output_path: this.outputPath.control.value.trim() || null,
      env: this.env.values(),
      launch_args: this.launchArgs.control.value,
      restart_policy: this.restartPolicy.control.value as RestartPolicy,
      probe: this.probe.control.value.trim() || null,
      ...this.address.values(),
      ...this.pins?.values(),
    };
  }

  /** The element of a field with its label, to be marked. */
  rootOf(key: SettingKey): HTMLElement {
    if (key === 'autostart') return this.autostart.root;
    return this.address.rootOf(key) ?? this.byKey.get(key)?.root ?? this.advanced;
  }

  /** Says something beside a field, in the place of what is wrong with it. */
  note(key: SettingKey, sentence: string): void {
    this.byKey.get(key)?.setProblem(sentence);
    this.reveal(this.rootOf(key));
  }

  /** Shows the server's sentences beside their fields; answers those that belong to no field. */
  showProblems(problems: ReadonlyMap<string, string>): string[] {
    const others: string[] = [];
    for (const [key, sentence] of problems) {
      const target = this.byKey.get(key.split('.')[0] ?? key);
      if (target === this.env.text) this.env.note(sentence);
      else if (target) target.setProblem(sentence);
      else others.push(sentence);
    }
    this.focusFirstProblem();
    return others;
  }

  private nameProblem(): string | null {
    const name = this.name.control.value;
    // A name that came from elsewhere and breaks the rule may stay.
    return name === this.options.instance?.name ? null : nameProblem(name, this.options.taken);
  }

  private portProblem(): string | null {
    const text = this.port.control.value.trim();
    if (text === '' && !this.port.control.validity.badInput) return null;
    const port = Number(text);
    return /^\d+$/.test(text) && port >= 1 && port <= 65535 ? null : 'A port is a number from 1 to 65535.';
  }

  private focusFirstProblem(): boolean {
    for (const { control } of this.all()) {
      if (control.getAttribute('aria-invalid') !== 'true') continue;
      this.reveal(control);
      control.focus();
      return false;
    }
    return true;
  }

  /** Opens the part of the form that an element is folded away in. */
  private reveal(element: HTMLElement): void {
    for (const part of this.parts)
      if (part instanceof HTMLDetailsElement && part.contains(element)) part.open = true;
  }

  /** Every field, in the order of the form. */
  private all(): Set<Field<HTMLElement>> {
    const { name, gpu_ids: gpus, ...others } = Object.fromEntries(this.byKey);
    const first = [name, gpus].filter((one) => one !== undefined);
    return new Set([...first, ...this.env.controls.slice(0, -1), ...Object.values(others)]);
  }

  private indexFields(): Map<string, Field<HTMLElement>> {
    const fields: readonly (readonly [FieldKey, Field<HTMLElement>])[] = [
      ['name', this.name],
      ['gpu_ids', this.gpus.field],
      ...(this.pins?.fields ?? []),
      ...this.address.fields,
      ['port', this.port],
      ['output_path', this.outputPath],
      ['env', this.env.text],
      ['launch_args', this.launchArgs],
      ['restart_policy', this.restartPolicy],
      ['probe', this.probe],
    ];
    return new Map(fields);
  }

  private buildAdvanced(): HTMLDetailsElement {
    return h(
      'details',
      { class: 'advanced', 'data-testid': 'advanced' },
      h('summary', null, 'Advanced'),
      this.restartPolicy.root,
      this.port.root,
      this.launchArgs.root,
      this.env.text.root,
      this.outputPath.root,
      this.probe.root,
    );
  }
}
