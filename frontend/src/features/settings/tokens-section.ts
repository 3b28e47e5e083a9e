import type { ApiToken, CreatedApiToken } from '../../../../src/contracts/auth.js';
import { h } from '../../base/dom.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import { LoadedPart } from './loaded-list.js';
import { futureTime, pastTime } from './relative-time.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';
import { TokenForm } from './token-form.js';
import { tokenSecret } from './token-secret.js';

/** Tokens for scripts: which there are, and new ones. */
export class TokensSection implements SettingsSection {
  readonly element: HTMLElement;
  private readonly form = new TokenForm();
  private readonly secret = h('div', { class: 'token-secret-place' });
  private readonly list: LoadedPart<ApiToken[]>;
  private isCreating = false;

  constructor(private readonly host: SettingsHost) {
    this.list = new LoadedPart(
      host.notices,
      () => host.admin.tokens(),
      (tokens) => this.draw(tokens),
    );
    this.element = h('div', { class: 'settings-part' }, this.secret, this.list.element, this.form.element);
  }

  show(): void {
    void this.list.load();
  }

  dispose(): void {
    // A secret must not stay in a page that nobody looks at.
    this.secret.replaceChildren();
  }

  submit(): void {
    const wish = this.form.wish();
    if (wish !== null && !this.isCreating) void this.create(wish);
  }

  private async create(wish: NonNullable<ReturnType<TokenForm['wish']>>): Promise<void> {
    const { admin, notices } = this.host;
    this.isCreating = true;
    this.form.submitButton.disabled = true;
    try {
      const created = await admin.createToken(wish);
      this.form.clear();
      this.showSecret(created);
      notices.success(`The token “${created.name}” was created.`);
      await this.list.load();
    } catch (error) {
      if (!this.form.showFailure(error)) reportFailure(notices, error);
    } finally {
      this.isCreating = false;
      this.form.submitButton.disabled = false;
    }
  }

  private showSecret(created: CreatedApiToken): void {
    const panel = tokenSecret(created, () => {
      this.secret.replaceChildren();
      this.form.submitButton.focus();
    });
    this.secret.replaceChildren(panel);
    panel.focus();
    panel.scrollIntoView({ block: 'nearest' });
  }

  private draw(tokens: readonly ApiToken[]): Node[] {
    if (tokens.length === 0)
      return [h('p', null, 'There are no tokens. With one a script can use the API without signing in.')];
    return [
      h(
        'ul',
        { class: 'settings-list', 'data-testid': 'tokens' },
        ...tokens.map((token) => this.line(token)),
      ),
    ];
  }

  private line(token: ApiToken): HTMLElement {
    const isOver = token.expires_at !== null && Date.parse(token.expires_at) <= Date.now();
    return h(
      'li',
      { 'data-testid': 'token', 'data-name': token.name },
      icon('key'),
      h(
        'div',
        { class: 'settings-text' },
        h(
          'strong',
          { class: 'is-user-text' },
          token.name,
          isOver ? h('span', { class: 'tag' }, 'expired') : null,
        ),
        h(
          'small',
          null,
          token.scopes.join(', '),
          ' · ',
          token.last_used_at === null ? 'never used' : pastTime(token.last_used_at, 'last used '),
          ' · ',
          pastTime(token.created_at, 'made '),
          ' · ',
          expiry(token.expires_at, isOver),
        ),
      ),
      button({
        label: 'Revoke…',
        testId: 'token-revoke',
        attributes: { 'aria-label': `Revoke the token ${token.name}` },
        onClick: () => void this.revoke(token),
      }),
    );
  }

  private async revoke(token: ApiToken): Promise<void> {
    const isSure = await confirmDialog({
      title: `Revoke the token “${token.name}”?`,
      testId: 'confirm-revoke',
      paragraphs: [
        'Whatever uses it is refused from now on, and what it has open is closed. It cannot be brought back; a new one gets a new secret.',
      ],
      confirmLabel: 'Revoke',
      cancelLabel: 'Keep it',
    });
    if (!isSure) return;
    try {
      await this.host.admin.deleteToken(token.id);
      this.host.notices.success(`The token “${token.name}” is revoked.`);
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
    await this.list.load();
  }
}

function expiry(expiresAt: string | null, isOver: boolean): HTMLElement | string {
  if (expiresAt === null) return 'never expires';
  return isOver ? pastTime(expiresAt, 'expired ') : futureTime(expiresAt, 'expires ');
}
