import type { Instance, RestartPolicy } from '../../../../src/contracts/instance.js';
import type { Gpu } from '../../../../src/contracts/system.js';
import { h } from '../../base/dom.js';
import { formatEnvLines, parseEnvLines } from '../../domain/env-lines.js';
import { nameProblem } from '../../domain/name-rule.js';
import type { TakenNames } from '../../domain/name-rule.js';
import type { SettingKey } from '../../domain/settings.js';
import { AddressFields } from './address-fields.js';
import type { FieldKey, FieldValues } from './field-values.js';
import type { AddressFieldsOptions } from './address-fields.js';
import { checkbox, field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';
import { GpuField } from '../../ui/gpu-field.js';

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
}

/** The fields that creating and editing share, what is wrong with them, and their values. */
export class InstanceFields {
  readonly name: Field<HTMLInputElement>;
  readonly gpus: GpuField;
  readonly autostart = checkbox('Start together with AiKore', false, 'field-autostart');
  readonly address: AddressFields;
  readonly advanced: HTMLDetailsElement;
  private readonly port: Field<HTMLInputElement>;
  private readonly outputPath: Field<HTMLInputElement>;
  private readonly env: Field<HTMLTextAreaElement>;
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
    this.env = envField(instance?.env ?? {});
    this.env.control.addEventListener('input', () => this.checkEnv());
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

  checkName(): void {
    this.name.setProblem(this.nameProblem());
  }

  /** Shows everything that is wrong; false when something is. The first field at fault gets the focus. */
  validate(): boolean {
    for (const target of this.byKey.values()) target.setProblem(null);
    this.checkName();
    this.port.setProblem(this.portProblem());
    this.checkEnv();
    this.address.check();
    return this.focusFirstProblem();
  }

  values(): FieldValues {
    const env = parseEnvLines(this.env.control.value);
    const port = this.port.control.value.trim();
    return {
      name: this.name.control.value,
      gpu_ids: this.gpus.value,
      autostart: this.autostart.control.checked,
      ...(port === '' ? {} : { port: Number(port) }),
      output_path: this.outputPath.control.value.trim() || null,
      env: env.ok ? env.env : {},
      launch_args: this.launchArgs.control.value,
      restart_policy: this.restartPolicy.control.value as RestartPolicy,
      probe: this.probe.control.value.trim() || null,
      ...this.address.values(),
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
      if (target) target.setProblem(sentence);
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

  private checkEnv(): void {
    const env = parseEnvLines(this.env.control.value);
    this.env.setProblem(env.ok ? null : env.problem);
  }

  private focusFirstProblem(): boolean {
    for (const { control } of this.byKey.values()) {
      if (control.getAttribute('aria-invalid') !== 'true') continue;
      this.reveal(control);
      control.focus();
      return false;
    }
    return true;
  }

  /** Opens the part of the form that an element is folded away in. */
  private reveal(element: HTMLElement): void {
    for (const part of [this.address.element, this.advanced]) if (part.contains(element)) part.open = true;
  }

  private indexFields(): Map<string, Field<HTMLElement>> {
    const fields: readonly (readonly [FieldKey, Field<HTMLElement>])[] = [
      ['name', this.name],
      ['gpu_ids', this.gpus.field],
      ...this.address.fields,
      ['port', this.port],
      ['output_path', this.outputPath],
      ['env', this.env],
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
      this.env.root,
      this.outputPath.root,
      this.probe.root,
    );
  }
}

function textField(label: string, testId: string, value: string, hint?: string): Field<HTMLInputElement> {
  const control = h('input', { type: 'text', class: 'input', autocomplete: 'off', spellcheck: 'false' });
  control.value = value;
  return field({ label, control, testId, ...(hint === undefined ? {} : { hint }) });
}

function numberField(port: number | null): Field<HTMLInputElement> {
  const control = h('input', {
    type: 'text',
    inputmode: 'numeric',
    class: 'input is-mono',
    placeholder: 'chosen by AiKore',
  });
  control.value = port === null ? '' : String(port);
  return field({ label: 'Port of the application', control, testId: 'field-port' });
}

function envField(env: Readonly<Record<string, string>>): Field<HTMLTextAreaElement> {
  const control = h('textarea', {
    class: 'input is-mono',
    rows: 3,
    spellcheck: 'false',
    placeholder: 'HF_HOME=/models/hf',
  });
  control.value = formatEnvLines(env);
  return field({ label: 'Environment', control, testId: 'field-env', hint: 'One KEY=VALUE per line.' });
}

const RESTART_POLICIES: readonly (readonly [RestartPolicy, string])[] = [
  ['no', 'Leave it ended'],
  ['on-failure', 'Start it again when it failed'],
  ['always', 'Start it again however it ended'],
];

function restartPolicyField(present: RestartPolicy): Field<HTMLSelectElement> {
  const options = RESTART_POLICIES.map(([value, label]) => h('option', { value }, label));
  const control = h('select', { class: 'input' }, ...options);
  control.value = present;
  return field({
    label: 'When it ends by itself',
    control,
    testId: 'field-restart-policy',
    hint: 'A restart comes at once, the next ones after growing pauses, five within ten minutes at most.',
  });
}
