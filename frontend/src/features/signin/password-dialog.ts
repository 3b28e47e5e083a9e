import type { SessionInfo } from '../../../../src/contracts/auth.js';
import { h } from '../../base/dom.js';
import type { Api } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';

export interface PasswordHost {
  api: Api;
  notices: NoticeStore;
  session: SessionInfo | null;
  /** The password was set; the session has to be asked for anew. */
  onChanged(): void;
}

/** Sets or changes the operator's password. */
export function openPasswordDialog(host: PasswordHost): void {
  if (host.session?.password_from_environment) {
    explainEnvironment();
    return;
  }
  const isSet = host.session?.password_set ?? true;
  const fields = passwordFields();
  const dialog = openDialog({
    title: isSet ? 'Change password' : 'Set password',
    testId: 'password-dialog',
    width: 'narrow',
    content: [...(isSet ? [fields.present.root] : []), fields.wanted.root, fields.again.root],
    footer: [
      button({ label: 'Cancel', onClick: () => dialog.close() }),
      button({
        label: isSet ? 'Change password' : 'Set password',
        kind: 'primary',
        type: 'submit',
        testId: 'password-submit',
      }),
    ],
    onSubmit: () => void submit(host, fields, isSet, () => dialog.close()),
  });
}

interface PasswordFields {
  present: Field<HTMLInputElement>;
  wanted: Field<HTMLInputElement>;
  again: Field<HTMLInputElement>;
}

function passwordFields(): PasswordFields {
  return {
    present: passwordField('Present password', 'password-current', 'current-password'),
    wanted: passwordField(
      'New password',
      'password-new',
      'new-password',
      'A sentence of some words is easy to remember and hard to guess.',
    ),
    again: passwordField('New password again', 'password-again', 'new-password'),
  };
}

function passwordField(
  label: string,
  testId: string,
  autocomplete: string,
  hint?: string,
): Field<HTMLInputElement> {
  const control = h('input', { type: 'password', class: 'input', autocomplete });
  return field({ label, control, testId, ...(hint === undefined ? {} : { hint }) });
}

async function submit(
  host: PasswordHost,
  fields: PasswordFields,
  isSet: boolean,
  close: () => void,
): Promise<void> {
  const { present, wanted, again } = fields;
  if (!check(wanted, wanted.control.value === '' ? 'Type a new password.' : null)) return;
  if (!check(again, again.control.value === wanted.control.value ? null : 'The two do not agree.')) return;
  try {
    await host.api.setPassword(wanted.control.value, isSet ? present.control.value : null);
    close();
    host.notices.success('The password is set. Use it the next time you sign in.');
    host.onChanged();
  } catch (error) {
    showFailure(host, fields, error);
  }
}

function check(target: Field<HTMLInputElement>, problem: string | null): boolean {
  target.setProblem(problem);
  if (problem !== null) target.control.focus();
  return problem === null;
}

function showFailure(host: PasswordHost, { present, wanted }: PasswordFields, error: unknown): void {
  const fields = error instanceof ApiError ? error.fields : new Map<string, string>();
  const about = { current_password: present, password: wanted };
  let hasPlace = false;
  for (const [key, target] of Object.entries(about)) {
    const sentence = fields.get(key);
    if (sentence === undefined) continue;
    hasPlace = true;
    check(target, sentence);
  }
  if (!hasPlace) reportFailure(host.notices, error);
}

function explainEnvironment(): void {
  const dialog = openDialog({
    title: 'Password',
    testId: 'password-dialog',
    width: 'narrow',
    content: [
      h(
        'p',
        null,
        'The password comes from the variable AIKORE_PASSWORD, which wins at every start. Change it there and start AiKore again.',
      ),
    ],
    footer: [button({ label: 'Close', attributes: { autofocus: true }, onClick: () => dialog.close() })],
  });
}
