import type { SessionInfo } from '../../../../src/contracts/auth.js';
import { h, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Api } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import { button } from '../../ui/button.js';
import { topLayerChanged } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { oneTimeTarget } from './one-time-link.js';

const RETRY_MS = 3_000;

export interface SigninHost {
  api: Api;
  onSignedIn(session: SessionInfo): void;
}

/**
 * The sign-in page. It is a dialog over everything, so that whatever was open, a half-filled form included, is there again
 * afterwards.
 */
export class SigninPage implements Disposable {
  private readonly password = field({
    label: 'Password',
    control: h('input', {
      type: 'password',
      class: 'input',
      autocomplete: 'current-password',
      name: 'password',
    }),
    testId: 'signin-password',
  });
  private readonly link = field({
    label: 'One-time link',
    control: h('input', {
      type: 'text',
      class: 'input is-mono',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'http://…',
    }),
    testId: 'signin-link',
    hint: 'AiKore prints it when it starts, in the terminal or container log where it was started. It works once.',
  });
  private readonly submit = button({
    label: 'Sign in',
    kind: 'primary',
    type: 'submit',
    testId: 'signin-submit',
  });
  private readonly lead = h('p', { class: 'signin-lead', 'data-testid': 'signin-lead' });
  private readonly passwordForm = h(
    'form',
    { class: 'signin-form', novalidate: true, onsubmit: (event) => this.onPassword(event) },
    // Password managers file a password under a user name; AiKore has one operator.
    h('input', {
      type: 'text',
      name: 'username',
      autocomplete: 'username',
      value: 'operator',
      hidden: true,
      readonly: true,
    }),
    this.password.root,
    this.submit,
  );
  private readonly linkForm = h(
    'form',
    { class: 'signin-form', novalidate: true, onsubmit: (event) => this.onLink(event) },
    this.link.root,
    button({ label: 'Use link', kind: 'primary', type: 'submit', testId: 'signin-use-link' }),
  );
  private readonly dialog = h(
    'dialog',
    { class: 'signin', 'aria-labelledby': 'signin-title', 'data-testid': 'signin' },
    h(
      'main',
      { class: 'signin-card' },
      h(
        'h1',
        { id: 'signin-title' },
        h('span', { class: 'mark-sign', 'aria-hidden': 'true' }),
        'Sign in to AiKore',
      ),
      this.lead,
      this.passwordForm,
      this.linkForm,
    ),
  );
  private timer: number | null = null;
  private isDone = false;

  constructor(private readonly host: SigninHost) {
    this.dialog.addEventListener('cancel', (event) => event.preventDefault());
    // Chromium lets a second Esc through whatever the page says.
    this.dialog.addEventListener('close', () => !this.isDone && this.dialog.showModal());
    document.body.append(this.dialog);
    this.dialog.showModal();
    topLayerChanged.fire();
    this.password.control.focus();
    void this.explain();
  }

  dispose(): void {
    this.isDone = true;
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.dialog.close();
    this.dialog.remove();
    topLayerChanged.fire();
  }

  /** Says which way in there is; tries again while the server does not answer. */
  private async explain(): Promise<void> {
    try {
      const status = await this.host.api.status();
      this.showWays(status.setup_required);
    } catch {
      setText(this.lead, 'AiKore does not answer. This page keeps trying.');
      this.timer = window.setTimeout(() => void this.explain(), RETRY_MS);
    }
  }

  private showWays(isSetupRequired: boolean): void {
    this.passwordForm.hidden = isSetupRequired;
    setText(
      this.lead,
      isSetupRequired
        ? 'No password is set yet. Open the one-time link that AiKore printed when it started, or paste it here.'
        : 'Use the password that you set. If it is lost, start AiKore with a new one in the variable AIKORE_PASSWORD.',
    );
    this.linkForm.hidden = !isSetupRequired;
    (isSetupRequired ? this.link : this.password).control.focus();
  }

  private onPassword(event: SubmitEvent): void {
    event.preventDefault();
    const password = this.password.control.value;
    if (password === '') this.password.setProblem('Type the password.');
    else if (!this.submit.disabled) void this.signIn(password);
  }

  private async signIn(password: string): Promise<void> {
    this.submit.disabled = true;
    this.password.setProblem(null);
    try {
      await this.host.api.login(password);
      this.host.onSignedIn(await this.host.api.session());
    } catch (error) {
      this.submit.disabled = false;
      this.showFailure(error);
    }
  }

  private showFailure(error: unknown): void {
    const seconds = error instanceof ApiError && error.status === 429 ? error.retryAfterSeconds : null;
    if (seconds !== null) {
      this.wait(error instanceof ApiError ? error.message : '', seconds);
      return;
    }
    this.password.setProblem(error instanceof Error ? error.message : String(error));
    this.password.control.select();
    this.password.control.focus();
  }

  /** Counts the seconds down that the server asked for. */
  private wait(message: string, seconds: number): void {
    this.submit.disabled = seconds > 0;
    this.password.setProblem(seconds > 0 ? `${message} You can try again in ${String(seconds)} s.` : null);
    if (seconds > 0) this.timer = window.setTimeout(() => this.wait(message, seconds - 1), 1000);
    else this.password.control.focus();
  }

  private onLink(event: SubmitEvent): void {
    event.preventDefault();
    const target = oneTimeTarget(this.link.control.value, location.origin);
    if (target === null) {
      this.link.setProblem(
        'This is not a one-time link. It begins with http:// or https:// and stands on a line of its own.',
      );
      this.link.control.focus();
      return;
    }
    location.assign(target);
  }
}
