import { h, setAttribute, setText } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

/** What a line says, the most pressing first. */
type Rank = 'ended' | 'lost' | 'note';

const RANKS: readonly Rank[] = ['ended', 'lost', 'note'];

/** One line below a terminal for what is to be known of it: that it ended, that the connection is lost, what the server notes. */
export class SessionLine {
  private readonly texts = new Map<Rank, string>();
  /** Said once more at every connection, and not shown again. */
  private dismissed: string | null = null;
  private readonly text = h('p', { role: 'status', 'data-testid': 'terminal-line-text' });
  private readonly retry = button({
    label: 'Try now',
    testId: 'terminal-retry',
    onClick: () => this.host.retry(),
  });
  private readonly again = button({
    label: 'New terminal',
    icon: 'plus',
    testId: 'terminal-again',
    onClick: () => this.host.openNew(),
  });
  private readonly dismiss = button({
    label: 'Dismiss',
    icon: 'close',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'terminal-note-dismiss',
    onClick: () => {
      this.dismissed = this.texts.get('note') ?? null;
      this.set('note', null);
    },
  });
  readonly element = h(
    'div',
    { class: 'terminal-line', 'data-testid': 'terminal-line', hidden: true },
    icon('info'),
    this.text,
    this.retry,
    this.again,
    this.dismiss,
  );

  constructor(private readonly host: { retry(): void; openNew(): void }) {}

  set(rank: Rank, text: string | null): void {
    if (text === null || (rank === 'note' && text === this.dismissed)) this.texts.delete(rank);
    else this.texts.set(rank, text);
    const shown = RANKS.find((candidate) => this.texts.has(candidate)) ?? null;
    this.element.hidden = shown === null;
    setText(this.text, shown === null ? '' : (this.texts.get(shown) ?? ''));
    setAttribute(this.element, 'data-kind', shown);
    this.retry.hidden = shown !== 'lost';
    this.again.hidden = shown !== 'ended';
    this.dismiss.hidden = shown !== 'note';
  }
}
