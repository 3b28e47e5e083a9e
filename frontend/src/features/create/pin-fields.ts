import type { BlueprintMetadata } from '../../../../src/contracts/blueprint.js';
import type { InstallPins, PythonChoices } from '../../../../src/contracts/environment.js';
import { h, setText } from '../../base/dom.js';
import {
  cudaProblem,
  normalRequirements,
  pythonProblem,
  refProblem,
  requirementsProblem,
  torchProblem,
} from '../../domain/pin-rules.js';
import { pinSummary } from '../../domain/pin-summary.js';
import { describeChoice, distinctPythons, judgePython } from '../../domain/python-choice.js';
import { Combo } from '../../ui/combo.js';
import type { ComboOption } from '../../ui/combo.js';
import { field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';

export type PinKey = keyof InstallPins;

const AS_BLUEPRINT = 'as the blueprint says';

/** The releases of PyTorch that are built for a CUDA, by the indexes of download.pytorch.org. */
const CUDA_OPTIONS: readonly ComboOption[] = [
  ['13.0', 'PyTorch 2.9 and newer'],
  ['12.8', 'PyTorch 2.7 and newer'],
  ['12.6', 'PyTorch 2.6 and newer'],
  ['12.4', 'PyTorch 2.4 to 2.6'],
  ['12.1', 'PyTorch 2.1 to 2.5'],
  ['11.8', 'PyTorch 2.0 to 2.7'],
].map(([value = '', note = '']) => ({ value, label: value, note }));

const PROBLEMS: Readonly<Record<PinKey, (text: string) => string | null>> = {
  git_ref: refProblem,
  python_version: pythonProblem,
  cuda_version: cudaProblem,
  torch_version: torchProblem,
  extra_requirements: requirementsProblem,
};

/** What an instance's environment is made from, where that is not what its blueprint says. */
export class PinFields {
  readonly element: HTMLDetailsElement;
  private readonly python: Combo;
  private readonly byKey: ReadonlyMap<PinKey, Field>;
  private readonly summary = h('span', { class: 'summary-note', 'data-testid': 'pins-summary' });
  private readonly pythonVerdict = h('p', {
    class: 'field-hint',
    'aria-live': 'polite',
    'data-testid': 'python-verdict',
    hidden: true,
  });
  private pythons: PythonChoices | null = null;

  /**
   * @param stored what is stored, or null for a new one
   * @param shown what the fields hold at first, or null for a new one
   */
  constructor(
    private readonly stored: InstallPins | null,
    shown: InstallPins | null,
  ) {
    this.python = new Combo({ placeholder: AS_BLUEPRINT, listLabel: 'Pythons of this machine' });
    const cuda = new Combo({ placeholder: AS_BLUEPRINT, listLabel: 'CUDA versions' });
    cuda.setOptions(CUDA_OPTIONS);
    this.byKey = new Map<PinKey, Field>([
      [
        'git_ref',
        field({
          label: 'Source',
          control: textInput('what the blueprint takes'),
          testId: 'field-git-ref',
          hint: sourceHint(null),
        }),
      ],
      ['python_version', comboField('Python', this.python, 'field-python')],
      ['torch_version', field({ label: 'PyTorch', control: textInput(), testId: 'field-torch' })],
      ['cuda_version', comboField('CUDA', cuda, 'field-cuda')],
      ['extra_requirements', requirementsField()],
    ]);
    this.rootOf('python_version').append(this.pythonVerdict);
    for (const [key, { control }] of this.byKey) {
      control.value = shown?.[key] ?? '';
      control.addEventListener('input', () => this.changed(key));
    }
    this.element = this.build();
    this.showSummary();
    this.element.open = Object.values(this.values()).some((value) => (value ?? '') !== '');
  }

  get fields(): readonly (readonly [PinKey, Field<HTMLElement>])[] {
    return [...this.byKey];
  }

  values(): InstallPins {
    const text = (key: PinKey): string => this.byKey.get(key)?.control.value ?? '';
    return {
      git_ref: text('git_ref').trim() || null,
      python_version: text('python_version').trim() || null,
      cuda_version: text('cuda_version').trim() || null,
      torch_version: text('torch_version').trim() || null,
      extra_requirements: normalRequirements(text('extra_requirements')),
    };
  }

  check(): void {
    for (const key of this.byKey.keys()) this.checkOne(key);
  }

  rootOf(key: string): HTMLElement {
    return this.byKey.get(key as PinKey)?.root ?? this.element;
  }

  /** What the blueprint takes where nothing is said here. */
  follow(blueprint: BlueprintMetadata | null): void {
    const hint = this.rootOf('git_ref').querySelector('.field-hint');
    if (hint) setText(hint, sourceHint(blueprint));
  }

  /** What there is of Python on this machine, once it is known. */
  offerPythons(pythons: PythonChoices): void {
    this.pythons = pythons;
    this.python.setOptions(
      distinctPythons(pythons).map((choice) => ({
        value: choice.version,
        label: choice.version,
        note: describeChoice(choice),
        isDistant: !choice.is_present,
      })),
    );
    this.showVerdict();
  }

  private changed(key: PinKey): void {
    this.checkOne(key);
    this.showSummary();
    if (key === 'python_version') this.showVerdict();
  }

  private checkOne(key: PinKey): void {
    const target = this.byKey.get(key);
    if (!target) return;
    const text = this.values()[key] ?? '';
    // What came from elsewhere and breaks the rule may stay.
    const isStored = text === (this.stored?.[key] ?? '');
    target.setProblem(isStored ? null : PROBLEMS[key](text));
    if (key === 'python_version') this.showVerdict();
  }

  private showVerdict(): void {
    const version = this.values().python_version ?? '';
    const verdict = pythonProblem(version) === null ? judgePython(version, this.pythons) : null;
    this.pythonVerdict.hidden = verdict === null;
    this.pythonVerdict.classList.toggle('is-attention', verdict?.isAvailable === false);
    setText(this.pythonVerdict, verdict?.sentence ?? '');
  }

  private showSummary(): void {
    setText(this.summary, pinSummary(this.values()));
  }

  private build(): HTMLDetailsElement {
    return h(
      'details',
      { class: 'advanced', 'data-testid': 'environment' },
      h('summary', null, 'Environment', this.summary),
      h(
        'p',
        { class: 'field-hint' },
        'Empty fields: as the blueprint says. What is changed here counts at the next start, which installs again for it.',
      ),
      h('div', { class: 'pins' }, ...[...this.byKey.values()].map(({ root }) => root)),
    );
  }
}

function textInput(placeholder = AS_BLUEPRINT): HTMLInputElement {
  return h('input', {
    type: 'text',
    class: 'input is-mono',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    placeholder,
  });
}

/** A field whose control stands in the frame of its list. */
function comboField(label: string, combo: Combo, testId: string): Field {
  const made: Field = field({ label, control: combo.input, testId });
  const place = h('span');
  combo.input.replaceWith(place);
  combo.element.prepend(combo.input);
  place.replaceWith(combo.element);
  return made;
}

function requirementsField(): Field {
  const control = h('textarea', {
    class: 'input is-mono',
    rows: 3,
    spellcheck: 'false',
    placeholder: 'xformers==0.0.31\nsageattention',
  });
  return field({
    label: 'Further packages',
    control,
    testId: 'field-requirements',
    hint: 'Lines as in a requirements file; installed after those of the application, with PyTorch kept as it is.',
  });
}

function sourceHint(blueprint: BlueprintMetadata | null): string {
  if (blueprint?.package) {
    const { name, variable } = blueprint.package;
    return `This blueprint installs the package ${name}; its version is the option ${variable}.`;
  }
  const where = blueprint?.repository ? ` of ${blueprint.repository.replace(/^https?:\/\//, '')}` : '';
  return `A tag, a branch or a commit${where}. A branch stays at its commit until you update.`;
}
