import type { CreatedApiToken } from '../../../../src/contracts/auth.js';
import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { copyButton } from '../../ui/copy.js';
import { icon } from '../../ui/icon.js';

/** The secret of a token that was just made: shown here and never again. */
export function tokenSecret({ name, token }: CreatedApiToken, onDone: () => void): HTMLElement {
  const value = h('input', {
    type: 'text',
    class: 'input is-mono',
    readonly: true,
    value: token,
    'aria-label': `Secret of ${name}`,
    'data-testid': 'token-secret',
    onfocus: () => value.select(),
  });
  const copy = copyButton(() => token, { label: 'Copy', testId: 'token-copy', fallback: () => value });
  copy.classList.replace('is-quiet', 'is-primary');
  const panel = h(
    'section',
    { class: 'token-secret', tabindex: -1, 'aria-label': 'New secret', 'data-testid': 'token-secret-panel' },
    h(
      'p',
      null,
      icon('key'),
      h('strong', null, `Copy the secret of “${name}” now.`),
      ' It is shown only this once: AiKore keeps a fingerprint of it, not the secret.',
    ),
    h('div', { class: 'token-secret-row' }, value, copy),
    h(
      'p',
      { class: 'field-hint' },
      'Scripts send it as the header ',
      h('code', null, 'Authorization: Bearer …'),
      ' and need no sign-in besides.',
    ),
    h(
      'div',
      { class: 'settings-actions' },
      button({ label: 'I have it', testId: 'token-done', onClick: onDone }),
    ),
  );
  return panel;
}
