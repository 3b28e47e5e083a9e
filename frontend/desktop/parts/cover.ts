import { h, setAttribute, setText } from '../../src/base/dom.js';
import { wordsFor } from '../domain/words.js';
import type { Situation } from './connection.js';

/** What lies over the screen while there is no desktop to see: what is happening, in words. */
export class Cover {
  private readonly heading = h('h1', { 'data-testid': 'desktop-heading' });
  private readonly sentence = h('p', { class: 'cover-sentence', 'data-testid': 'desktop-reason' });
  private readonly phase = h('p', { class: 'cover-phase', 'data-testid': 'desktop-phase' });
  private readonly log = h('pre', {
    class: 'cover-log',
    'aria-label': 'Last lines of the log',
    tabindex: 0,
    'data-testid': 'desktop-log',
  });
  private readonly progress = h('div', {
    class: 'cover-progress',
    role: 'progressbar',
    'aria-label': 'Waiting for the desktop',
  });
  private readonly dashboard = h('a', { class: 'button is-primary', target: '_top' }, 'Open the dashboard');
  readonly element = h(
    'section',
    { class: 'cover', 'data-testid': 'desktop-cover', 'aria-labelledby': 'cover-heading' },
    h(
      'div',
      { class: 'cover-card' },
      this.heading,
      this.sentence,
      this.progress,
      this.phase,
      this.log,
      this.dashboard,
    ),
  );

  /** @param isEmbedded in the dashboard: the way there is a key, not a link */
  constructor(private readonly isEmbedded: boolean) {
    this.heading.id = 'cover-heading';
  }

  render({ stage, status }: Situation): void {
    const { heading, sentence } = wordsFor(stage, status);
    const isWaiting = stage === 'waiting';
    const lines = isWaiting ? (status?.lines ?? []) : [];
    setAttribute(this.element, 'hidden', stage === 'shown');
    setAttribute(this.element, 'data-stage', stage);
    setAttribute(this.element, 'data-status', isWaiting ? status?.status : null);
    setText(this.heading, heading);
    say(this.sentence, sentence);
    say(this.phase, isWaiting ? (status?.phase ?? '') : '');
    this.showLog(lines);
    setAttribute(this.progress, 'hidden', isAtRest({ stage, status }));
    setAttribute(this.dashboard, 'hidden', this.isEmbedded || status === null || stage === 'away');
    if (status) setAttribute(this.dashboard, 'href', `${status.dashboard}/`);
  }

  private showLog(lines: readonly string[]): void {
    const { log } = this;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
    say(log, lines.join('\n'));
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
}

function say(element: HTMLElement, text: string): void {
  setText(element, text);
  setAttribute(element, 'hidden', text === '');
}

/** Nothing is on its way. */
function isAtRest({ stage, status }: Situation): boolean {
  return stage === 'gone' || (stage === 'waiting' && status?.is_coming === false);
}
