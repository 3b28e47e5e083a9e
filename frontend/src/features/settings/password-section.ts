import { h, replaceChildren } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { button } from '../../ui/button.js';
import type { SettingsHost } from './settings-host.js';
import type { SettingsSection } from './section.js';

/** Whether there is a password, where it comes from, and the way to another. */
export class PasswordSection implements SettingsSection {
  readonly element = h('div', { class: 'settings-part' });
  private readonly subscription: Disposable;

  constructor(private readonly host: SettingsHost) {
    this.subscription = host.session.state.watch(() => this.draw());
  }

  show(): void {
    this.draw();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private draw(): void {
    const { session } = this.host.session;
    const isOurs = session?.password_from_environment !== true;
    const label = session?.password_set === false ? 'Set a password…' : 'Change password…';
    replaceChildren(
      this.element,
      h('p', null, sentenceFor(session?.password_set ?? true, isOurs)),
      isOurs
        ? h(
            'div',
            { class: 'settings-actions' },
            button({
              label,
              icon: 'key',
              testId: 'settings-password',
              onClick: () => this.host.openPassword(),
            }),
          )
        : null,
      h(
        'p',
        { class: 'field-hint' },
        'Changing it signs every other browser out. Tokens go on working; delete them under Tokens.',
      ),
    );
  }
}

function sentenceFor(isSet: boolean, isOurs: boolean): string {
  if (!isOurs)
    return 'The password comes from the variable AIKORE_PASSWORD, which wins at every start. Change it there and start AiKore again.';
  return isSet
    ? 'A password is set. If it is ever lost, start AiKore with a new one in the variable AIKORE_PASSWORD.'
    : 'No password is set. Signing in needs the one-time link that AiKore prints at each start.';
}
