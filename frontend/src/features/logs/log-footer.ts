import { h, setAttribute, setText } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

export interface FooterHost {
  openRuns(anchor: HTMLElement): void;
  goTo(): void;
}

/** Below the log: which run it is, where in it one is, and whether it is followed. */
export class LogFooter {
  private readonly runName = h('span', { 'data-testid': 'log-run' });
  private readonly runButton: HTMLButtonElement = h(
    'button',
    {
      type: 'button',
      class: 'log-chip is-button',
      'aria-haspopup': 'menu',
      'data-testid': 'log-runs',
      onclick: () => this.host.openRuns(this.runButton),
    },
    this.runName,
    icon('chevron-down'),
  );
  private readonly placeButton = button({
    label: '',
    kind: 'quiet',
    testId: 'log-place',
    onClick: () => this.host.goTo(),
    attributes: { 'data-tip': 'Go to a time or place (g)' },
  });
  private readonly size = h('span', { class: 'log-size', 'data-testid': 'log-size' });
  private readonly following = h('span', {
    class: 'log-chip is-following',
    'data-testid': 'log-following',
  });
  /** Says now and then what a screen reader does not see; never the output itself. */
  private readonly spoken = h('span', { class: 'is-off-screen', role: 'status' });
  readonly element = h(
    'div',
    { class: 'log-status' },
    this.following,
    h('span', { class: 'log-gap' }),
    this.placeButton,
    this.size,
    this.runButton,
    this.spoken,
  );

  constructor(private readonly host: FooterHost) {
    setText(this.following, 'following');
  }

  /** @param name null while it has not run */
  showRun(name: string | null): void {
    setText(this.runName, name ?? 'not run yet');
    setAttribute(this.runButton, 'disabled', name === null);
  }

  showFollowing(isFollowing: boolean): void {
    this.following.hidden = !isFollowing;
    setText(this.spoken, isFollowing ? 'Following the log' : 'No longer following the log');
  }

  /** @param place such as `43 % · 14:03:09`; null at the end */
  showPlace(place: string | null, size: string): void {
    const label = this.placeButton.querySelector('span');
    if (label) setText(label, place ?? '');
    this.placeButton.hidden = place === null;
    setText(this.size, size);
  }
}
