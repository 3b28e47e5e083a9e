import { h } from '../../base/dom.js';
import { freeName, nameProblem, takenNames } from '../../domain/name-rule.js';
import type { TakenNames } from '../../domain/name-rule.js';
import { reservedNames } from '../../domain/operation.js';
import { field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';
import type { TransferHost } from './transfer-host.js';

/** The name of an instance to come: a free one is proposed, and what is typed is checked at once. */
export class NameField {
  readonly field: Field<HTMLInputElement>;

  constructor(
    private readonly host: Pick<TransferHost, 'instances' | 'transfers'>,
    label: string,
    wanted: string,
  ) {
    const control = h('input', { type: 'text', class: 'input', autofocus: true, spellcheck: 'false' });
    control.value = freeName(wanted, this.taken());
    this.field = field({ label, control, testId: 'field-new-name' });
    control.addEventListener('input', () => this.check());
    // What is proposed is most often wrong at its end.
    control.addEventListener('focus', () => control.select(), { once: true });
  }

  get value(): string {
    return this.field.control.value;
  }

  /** @returns whether the name can be given */
  check(): boolean {
    const problem = nameProblem(this.value, this.taken());
    this.field.setProblem(problem);
    return problem === null;
  }

  private taken(): TakenNames {
    const { instances, transfers } = this.host;
    return takenNames([...instances.names(), ...reservedNames(transfers.operations.value)]);
  }
}
