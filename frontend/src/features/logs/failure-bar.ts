import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

export interface FailureHost {
  /** Whether a remedy makes sense on this machine. */
  canMend(remedy: Remedy): boolean;
  mend(instance: Instance, remedy: Remedy): void;
}

/** Says above the log what went wrong and what helps, until somebody puts it away. */
export class FailureBar {
  private readonly text = h('p', { class: 'failure-text', 'data-testid': 'log-failure-text' });
  private readonly buttons = h('div', { class: 'failure-buttons' });
  readonly element = h(
    'div',
    { class: 'log-failure', role: 'status', 'data-testid': 'log-failure' },
    icon('status-error'),
    this.text,
    this.buttons,
    button({
      label: 'Put away',
      icon: 'close',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'log-failure-dismiss',
      onClick: () => this.dismiss(),
    }),
  );
  private shown = '';
  private dismissed = '';

  constructor(private readonly host: FailureHost) {
    this.element.hidden = true;
  }

  /** @param isOfThisRun whether the log that is shown is the one of the failure; null instance: nothing */
  show(instance: Instance | null, isOfThisRun: boolean): void {
    const words = instance && isOfThisRun ? wordsOf(instance) : null;
    const key = words === null || !instance ? '' : `${String(instance.id)}:${String(instance.run)}:${words}`;
    this.element.hidden = key === '' || key === this.dismissed;
    if (key === this.shown || !instance || words === null) return;
    this.shown = key;
    setText(this.text, words);
    replaceChildren(this.buttons, ...this.remedyButtons(instance));
  }

  private remedyButtons(instance: Instance): HTMLElement[] {
    const remedies = (instance.failure?.remedies ?? []).filter((remedy) => this.host.canMend(remedy));
    return remedies.map((remedy, index) =>
      button({
        label: remedy.label,
        kind: index === 0 ? 'primary' : 'plain',
        testId: `log-remedy-${remedy.action}`,
        onClick: () => this.host.mend(instance, remedy),
      }),
    );
  }

  private dismiss(): void {
    this.dismissed = this.shown;
    this.element.hidden = true;
  }
}

/** The explanation, else how it ended; null while nothing is wrong. */
function wordsOf({ status, failure, status_reason }: Instance): string | null {
  if (failure !== null) return failure.message;
  return status === 'error' && status_reason !== '' ? status_reason : null;
}
