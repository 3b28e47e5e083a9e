import { h, replaceChildren } from '../../base/dom.js';
import type { AuditQuery } from '../../net/admin-api.js';
import { actionChoices, actionTitle } from './audit-words.js';

const TYPING_PAUSE_MS = 300;

/** Who, what, to what, and how it ended. */
export class AuditFilters {
  private readonly actor = select('Who', 'audit-actor');
  private readonly action = select('What', 'audit-action');
  private readonly outcome = select('Outcome', 'audit-outcome', [
    ['', 'Any outcome'],
    ['done', 'Done'],
    ['refused', 'Refused'],
    ['failed', 'Failed'],
  ]);
  private readonly target = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Instance, token, file…',
    'aria-label': 'To what',
    'data-testid': 'audit-target',
  });
  readonly element = h(
    'div',
    { class: 'audit-filters', role: 'group', 'aria-label': 'Filter' },
    this.actor,
    this.action,
    this.target,
    this.outcome,
  );

  constructor(onChange: () => void) {
    this.offer([], []);
    let timer = 0;
    this.target.addEventListener('input', () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(onChange, TYPING_PAUSE_MS);
    });
    for (const control of [this.actor, this.action, this.outcome])
      control.addEventListener('change', onChange);
  }

  get query(): AuditQuery {
    return {
      actor: this.actor.value,
      action: this.action.value,
      target: this.target.value.trim(),
      outcome: this.outcome.value,
    };
  }

  get isEmpty(): boolean {
    return Object.values(this.query).every((value) => value === '');
  }

  /** What there is to choose from; what is chosen stays. */
  offer(actors: readonly string[], actions: readonly string[]): void {
    refill(this.actor, [option('', 'Everybody'), ...actors.map((actor) => option(actor, actor))]);
    refill(this.action, [
      option('', 'Everything'),
      ...actionChoices(actions).map(({ kind, label, actions: members }) =>
        h(
          'optgroup',
          { label },
          ...(members.length > 1 ? [option(kind, `${label}: all`)] : []),
          ...members.map((action) => option(action, actionTitle(action))),
        ),
      ),
    ]);
  }
}

function select(label: string, testId: string, choices: readonly [string, string][] = []): HTMLSelectElement {
  return h(
    'select',
    { class: 'input', 'aria-label': label, 'data-testid': testId },
    ...choices.map(([value, text]) => option(value, text)),
  );
}

function option(value: string, text: string): HTMLElement {
  return h('option', { value }, text);
}

function refill(control: HTMLSelectElement, children: readonly Node[]): void {
  const { value } = control;
  replaceChildren(control, ...children);
  control.value = value;
  if (control.value !== value) control.value = '';
}
