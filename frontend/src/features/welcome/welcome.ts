import { h } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { button } from '../../ui/button.js';
import { AsciiLogo } from './ascii-logo.js';

export interface WelcomeHost {
  /** Opens the form for a new instance with this blueprint chosen. */
  create(blueprint: string | null): void;
}

const FIRST_BLUEPRINT = 'Demo.sh';

/** What is shown while there are no instances: what AiKore does and what to do first. */
export function welcome(host: WelcomeHost): Disposable & { element: HTMLElement } {
  const logo = new AsciiLogo();
  const element = h(
    'div',
    { class: 'welcome', 'data-testid': 'welcome' },
    logo.element,
    h('h2', null, 'Nothing runs here yet'),
    h(
      'p',
      null,
      'AiKore turns a blueprint, a script that installs and starts a WebUI, into a running instance: supervised, logged, and reachable behind your sign-in. The Demo needs no GPU and no download.',
    ),
    h(
      'div',
      { class: 'welcome-actions' },
      button({
        label: 'Create an instance from Demo',
        icon: 'plus',
        kind: 'primary',
        testId: 'welcome-demo',
        onClick: () => host.create(FIRST_BLUEPRINT),
      }),
      button({
        label: 'Choose another blueprint',
        testId: 'welcome-other',
        onClick: () => host.create(null),
      }),
    ),
  );
  return { element, dispose: () => logo.dispose() };
}
