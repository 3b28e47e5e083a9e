import type { Scope } from '../../../../src/contracts/auth.js';
import { h } from '../../base/dom.js';
import type { TokenWish } from '../../net/admin-api.js';
import { ApiError } from '../../net/http.js';
import { button } from '../../ui/button.js';
import { checkbox, field, fieldGroup } from '../../ui/field.js';

const SCOPES: readonly [Scope, string][] = [
  ['read', 'See instances, logs and figures'],
  ['operate', 'Start, stop and use applications'],
  ['edit', 'Create and change instances and blueprints'],
  ['terminal', 'Open shells'],
  ['admin', 'Delete, and everything about sign-in'],
];

const DAY_MS = 24 * 60 * 60 * 1000;
const LIVES: readonly [string, number | null][] = [
  ['30 days', 30],
  ['90 days', 90],
  ['1 year', 365],
  ['Never', null],
];

/** What a new token is called, what it may do and how long. */
export class TokenForm {
  private readonly name = field({
    label: 'Name',
    control: h('input', { type: 'text', class: 'input', autocomplete: 'off', maxlength: 64 }),
    hint: 'What it is for, such as “nightly backup”. The audit log shows it.',
    testId: 'token-name',
  });
  private readonly boxes = SCOPES.map(([scope, hint]) => ({
    scope,
    box: checkbox(scope, scope === 'read', `token-scope-${scope}`, hint),
  }));
  private readonly scopes = fieldGroup({
    label: 'What it may do',
    control: h('div', { class: 'scope-list' }, ...this.boxes.map(({ box }) => box.root)),
    testId: 'token-scopes',
  });
  private readonly life = field({
    label: 'Expires after',
    control: h(
      'select',
      { class: 'input' },
      ...LIVES.map(([label, days]) => h('option', { value: days ?? '', selected: days === 90 }, label)),
    ),
    testId: 'token-life',
  });
  readonly submitButton = button({
    label: 'Create token',
    icon: 'plus',
    kind: 'primary',
    type: 'submit',
    testId: 'token-create',
  });
  readonly element = h(
    'section',
    { class: 'token-form', 'aria-label': 'New token' },
    h('h3', null, 'New token'),
    h('div', { class: 'token-form-row' }, this.name.root, this.life.root),
    this.scopes.root,
    h('div', { class: 'settings-actions' }, this.submitButton),
  );

  /** Null when something is missing, which is then said beside its field. */
  wish(): TokenWish | null {
    const name = this.name.control.value.trim();
    const scopes = this.boxes.filter(({ box }) => box.control.checked).map(({ scope }) => scope);
    this.name.setProblem(name === '' ? 'Give it a name.' : null);
    this.scopes.setProblem(scopes.length === 0 ? 'Choose at least one.' : null);
    if (name === '') this.name.control.focus();
    else if (scopes.length === 0) this.boxes[0]?.box.control.focus();
    if (name === '' || scopes.length === 0) return null;
    const days = this.life.control.value === '' ? null : Number(this.life.control.value);
    return {
      name,
      scopes,
      expires_at: days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
    };
  }

  clear(): void {
    this.name.control.value = '';
  }

  /** Shows the server's sentences beside the fields. @returns false when it is about none of them */
  showFailure(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    const { fields } = error;
    const nameProblem = fields.get('name') ?? (error.code === 'TOKEN_NAME_TAKEN' ? error.message : null);
    this.name.setProblem(nameProblem);
    this.scopes.setProblem(fields.get('scopes') ?? null);
    this.life.setProblem(fields.get('expires_at') ?? null);
    if (nameProblem !== null) this.name.control.focus();
    return nameProblem !== null || fields.has('scopes') || fields.has('expires_at');
  }
}
