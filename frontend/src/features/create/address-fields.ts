import type { AccessMode, Instance, InstanceCreate } from '../../../../src/contracts/instance.js';
import { h, setText } from '../../base/dom.js';
import { publishedPortProblem, usedHostnameProblem } from '../../domain/address-rules.js';
import { addressSummary } from '../../domain/address-summary.js';
import { hostnameProblem } from '../../domain/hostname-rule.js';
import type { BlueprintWishes } from '../../domain/blueprint.js';
import type { Neighbour } from '../../domain/hostname-rule.js';
import type { SettingKey } from '../../domain/settings.js';
import { checkbox, field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';
import { icon } from '../../ui/icon.js';

export interface AddressFieldsOptions {
  /** What is stored, or null for a new one. */
  stored: Instance | null;
  /** What the fields hold at first, or null for a new one. */
  shown: Instance | null;
  /** The other instances, whose hostnames are taken. */
  neighbours: readonly Neighbour[];
  /** What this machine lacks for desktops, in sentences. */
  missingForDesktops: readonly string[];
  /** `19001-19020`, once it is known. */
  portRange: string | null;
}

type AddressValues = Pick<
  InstanceCreate,
  'access_mode' | 'public_port' | 'hostname' | 'use_custom_hostname' | 'persistent_mode'
>;

const MODES: readonly (readonly [AccessMode, string, string])[] = [
  [
    'path',
    'Below a path of the applications’ port',
    'Needs nothing else. Most applications work below a path; those that do not want a port of their own.',
  ],
  [
    'port',
    'At a port of its own',
    'An address that no other application shares. In a container the port must be published.',
  ],
];

/** Where an instance is reached: the way, its port, its hostname, its desktop. */
export class AddressFields {
  readonly element: HTMLDetailsElement;
  private readonly mode: Field<HTMLSelectElement>;
  private readonly port: Field<HTMLInputElement>;
  private readonly hostname: Field<HTMLInputElement>;
  private readonly isHostnameUsed: ReturnType<typeof checkbox>;
  private readonly isPersistent: ReturnType<typeof checkbox>;
  private readonly summary = h('span', { class: 'summary-note', 'data-testid': 'address-summary' });
  private readonly modeHint = h('p', { class: 'field-hint' });
  private readonly usedProblem = h('p', {
    class: 'field-problem',
    'aria-live': 'polite',
    'data-testid': 'field-use-hostname-problem',
  });
  private readonly hostnameBlock: HTMLElement;
  private readonly desktopBlock: HTMLElement;

  /** What the user has decided, which no blueprint decides any more. */
  private readonly touched = new Set<keyof BlueprintWishes>();

  constructor(private readonly options: AddressFieldsOptions) {
    const { shown } = options;
    this.mode = modeField(shown?.access_mode ?? 'path');
    this.port = portField(shown?.public_port ?? null, options.portRange);
    this.hostname = hostnameField(shown?.hostname ?? '');
    this.isHostnameUsed = checkbox(
      'Answer at this hostname',
      shown?.use_custom_hostname ?? false,
      'field-use-hostname',
      'It becomes the link; the path goes on working.',
    );
    this.isPersistent = checkbox(
      'Desktop that lives on (persistent mode)',
      shown?.persistent_mode ?? false,
      'field-persistent',
      'It runs on a screen of its own, which you look at in the browser and which stays as it is when you leave.' +
        (shown ? ' Counts from the next start on.' : ''),
    );
    this.hostnameBlock = h('div', { class: 'field' }, this.isHostnameUsed.root, this.usedProblem);
    this.desktopBlock = h('div', { class: 'field' }, this.isPersistent.root, this.desktopGaps());
    this.element = this.build();
    this.showSummary();
    this.listen();
    this.showMode();
    this.usedProblem.hidden = true;
  }

  /** The fields by the column that they are of, for sentences about it. */
  get fields(): readonly (readonly [keyof AddressValues, Field<HTMLElement>])[] {
    return [
      ['access_mode', this.mode],
      ['public_port', this.port],
      ['hostname', this.hostname],
      ['use_custom_hostname', this.usedField()],
    ];
  }

  values(): AddressValues {
    const isPort = this.mode.control.value === 'port';
    const port = this.port.control.value.trim();
    const stored = this.options.stored?.public_port ?? null;
    // Emptied: another one, please. Never filled in: whichever AiKore chooses.
    const chosen =
      port === '' ? (stored === null ? {} : { public_port: null }) : { public_port: Number(port) };
    return {
      access_mode: isPort ? 'port' : 'path',
      ...(isPort ? chosen : {}),
      hostname: this.hostname.control.value.trim() || null,
      use_custom_hostname: this.isHostnameUsed.control.checked,
      persistent_mode: this.isPersistent.control.checked,
    };
  }

  /** Shows what a blueprint asks for, where the user has said nothing. */
  follow(wishes: BlueprintWishes): void {
    if (!this.touched.has('access_mode')) this.mode.control.value = wishes.access_mode;
    if (!this.touched.has('persistent_mode')) this.isPersistent.control.checked = wishes.persistent_mode;
    this.showMode();
    this.showSummary();
  }

  check(): void {
    this.hostname.setProblem(this.hostnameSentence());
    this.port.setProblem(this.portSentence());
    this.showUsedProblem(this.usedSentence());
  }

  rootOf(key: SettingKey): HTMLElement | null {
    if (key === 'persistent_mode') return this.desktopBlock;
    return this.fields.find(([name]) => name === key)?.[1].root ?? null;
  }

  private usedField(): Field<HTMLElement> {
    return {
      root: this.hostnameBlock,
      control: this.isHostnameUsed.control,
      setProblem: (problem) => this.showUsedProblem(problem),
    };
  }

  private showUsedProblem(problem: string | null): void {
    this.usedProblem.hidden = problem === null;
    setText(this.usedProblem, problem ?? '');
    this.isHostnameUsed.control.toggleAttribute('aria-invalid', false);
    if (problem !== null) this.isHostnameUsed.control.setAttribute('aria-invalid', 'true');
  }

  private hostnameSentence(): string | null {
    const text = this.hostname.control.value.trim();
    // A name that came from elsewhere and breaks the rule may stay.
    if (text === '' || text === this.options.stored?.hostname) return null;
    return hostnameProblem(text, this.options.neighbours);
  }

  private portSentence(): string | null {
    if (this.mode.control.value !== 'port') return null;
    const { portRange, stored } = this.options;
    return publishedPortProblem(this.port.control.value.trim(), portRange, stored);
  }

  private usedSentence(): string | null {
    const { hostname, isHostnameUsed } = this;
    return usedHostnameProblem(
      isHostnameUsed.control.checked,
      hostname.control.value.trim(),
      this.options.stored,
    );
  }

  private listen(): void {
    this.mode.control.addEventListener('change', () => {
      this.touched.add('access_mode');
      this.showMode();
      this.showSummary();
    });
    this.isPersistent.control.addEventListener('change', () => {
      this.touched.add('persistent_mode');
      this.showSummary();
    });
    this.hostname.control.addEventListener('input', () => {
      this.hostname.setProblem(this.hostnameSentence());
      this.showUsedProblem(this.usedSentence());
    });
    this.port.control.addEventListener('input', () => this.port.setProblem(this.portSentence()));
    this.isHostnameUsed.control.addEventListener('change', () => this.showUsedProblem(this.usedSentence()));
  }

  private showMode(): void {
    const [, , hint = ''] = MODES.find(([mode]) => mode === this.mode.control.value) ?? [];
    setText(this.modeHint, hint);
    this.port.root.hidden = this.mode.control.value !== 'port';
  }

  /** Read while the part is folded away. It is not unfolded for a blueprint: what one points at would move. */
  private showSummary(): void {
    setText(this.summary, addressSummary(this.values(), this.options.missingForDesktops.length === 0));
  }

  private desktopGaps(): HTMLElement | null {
    const { missingForDesktops: missing } = this.options;
    if (missing.length === 0) return null;
    return h(
      'div',
      { class: 'callout is-attention', 'data-testid': 'desktop-missing' },
      icon('warning'),
      h('p', null, missing.join(' ')),
    );
  }

  private build(): HTMLDetailsElement {
    this.mode.root.append(this.modeHint);
    const element = h(
      'details',
      { class: 'advanced', 'data-testid': 'address' },
      h('summary', null, 'Address and desktop', this.summary),
      this.mode.root,
      this.port.root,
      this.hostname.root,
      this.hostnameBlock,
      this.desktopBlock,
    );
    const { access_mode: mode, hostname, persistent_mode: isPersistent } = this.values();
    element.open = mode === 'port' || hostname !== null || isPersistent === true;
    return element;
  }
}

function modeField(present: AccessMode): Field<HTMLSelectElement> {
  const options = MODES.map(([value, label]) => h('option', { value }, label));
  const control = h('select', { class: 'input' }, ...options);
  control.value = present;
  return field({ label: 'Reached', control, testId: 'field-access-mode' });
}

function portField(port: number | null, range: string | null): Field<HTMLInputElement> {
  const control = h('input', {
    type: 'text',
    inputmode: 'numeric',
    class: 'input is-mono',
    autocomplete: 'off',
    placeholder: 'chosen by AiKore',
  });
  control.value = port === null ? '' : String(port);
  const hint = range === null ? {} : { hint: `Of the published range ${range.replace('-', '–')}.` };
  return field({ label: 'Published port', control, testId: 'field-public-port', ...hint });
}

function hostnameField(value: string): Field<HTMLInputElement> {
  const control = h('input', {
    type: 'text',
    class: 'input',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    inputmode: 'url',
    placeholder: 'comfy.home.lan',
  });
  control.value = value;
  return field({
    label: 'Custom hostname',
    control,
    testId: 'field-hostname',
    hint: 'A name that your network resolves to this machine, with a port where you like, or the address of your own proxy.',
  });
}
