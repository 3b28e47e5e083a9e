import type { SessionInfo } from '../../../src/contracts/auth.js';
import { h } from '../base/dom.js';
import { button } from '../ui/button.js';
import { icon } from '../ui/icon.js';

const DISMISSED = 'aikore.password-hint';

/** Offers to set a password while there is none; once per tab it can be sent away. */
export class PasswordHint {
  readonly element: HTMLElement;

  constructor(openPassword: () => void) {
    this.element = h(
      'div',
      { class: 'banner is-info', hidden: true, 'data-testid': 'password-hint' },
      icon('key'),
      h(
        'p',
        null,
        h('strong', null, 'No password is set.'),
        ' Without one, signing in needs the one-time link that AiKore prints at each start.',
      ),
      button({ label: 'Set a password', testId: 'password-hint-set', onClick: openPassword }),
      button({
        label: 'Not now',
        icon: 'close',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'password-hint-dismiss',
        onClick: () => this.dismiss(),
      }),
    );
  }

  show(session: SessionInfo | null): void {
    this.element.hidden = session?.password_set !== false || isDismissed();
  }

  private dismiss(): void {
    this.element.hidden = true;
    try {
      sessionStorage.setItem(DISMISSED, 'yes');
    } catch {
      // A browser that forbids storage shows the hint again after a reload.
    }
  }
}

function isDismissed(): boolean {
  try {
    return sessionStorage.getItem(DISMISSED) !== null;
  } catch {
    return false;
  }
}
