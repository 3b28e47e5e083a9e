import type { SignedInBrowser } from '../../../../src/contracts/sessions.js';
import { h } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import { LoadedPart } from './loaded-list.js';
import { futureTime, pastTime } from './relative-time.js';
import type { SettingsSection } from './section.js';
import type { SettingsHost } from './settings-host.js';
import { describeBrowser } from './user-agent.js';

/** The browsers that are signed in; each can be signed out. */
export class SessionsSection implements SettingsSection {
  readonly element: HTMLElement;
  private readonly list: LoadedPart<SignedInBrowser[]>;

  constructor(private readonly host: SettingsHost) {
    this.list = new LoadedPart(
      host.notices,
      () => host.admin.sessions(),
      (sessions) => this.draw(sessions),
    );
    this.element = h('div', { class: 'settings-part' }, this.list.element);
  }

  show(): void {
    void this.list.load();
  }

  dispose(): void {
    // Nothing outlives its elements.
  }

  private draw(sessions: readonly SignedInBrowser[]): Node[] {
    const others = sessions.filter(({ is_current: isCurrent }) => !isCurrent);
    const endOthers = button({
      label: 'Sign out all others…',
      icon: 'exit',
      testId: 'sessions-end-others',
      onClick: () => void this.endOthers(others.length),
    });
    return [
      h('p', null, summary(sessions.length)),
      h(
        'ul',
        { class: 'settings-list', 'data-testid': 'sessions' },
        ...sessions.map((session) => this.line(session)),
      ),
      ...(others.length > 0 ? [h('div', { class: 'settings-actions' }, endOthers)] : []),
      h(
        'p',
        { class: 'field-hint' },
        'A browser is signed out by itself after seven days without use, and after thirty in any case.',
      ),
    ];
  }

  private line(session: SignedInBrowser): HTMLElement {
    const browser = describeBrowser(session.user_agent);
    return h(
      'li',
      { 'data-testid': 'session', 'data-current': String(session.is_current) },
      icon('device'),
      h(
        'div',
        { class: 'settings-text' },
        h(
          'strong',
          { class: 'is-user-text', 'data-tip': session.user_agent || null },
          browser,
          session.is_current ? h('span', { class: 'tag is-fine' }, 'this browser') : null,
        ),
        h(
          'small',
          null,
          h('span', { class: 'is-mono is-user-text' }, session.address),
          ' · ',
          session.is_current ? 'in use now' : pastTime(session.last_seen_at, 'last used '),
          ' · ',
          pastTime(session.created_at, 'signed in '),
          ' · ',
          futureTime(session.expires_at, 'ends '),
        ),
      ),
      button({
        label: 'Sign out',
        testId: 'session-end',
        attributes: {
          'aria-label': `Sign out ${session.is_current ? 'this browser' : `${browser}, ${session.address}`}`,
        },
        onClick: () => void this.end(session),
      }),
    );
  }

  private async end(session: SignedInBrowser): Promise<void> {
    const { host } = this;
    try {
      if (session.is_current) {
        await host.signOut();
        return;
      }
      await host.admin.endSession(session.id);
      host.notices.success(`${describeBrowser(session.user_agent)} at ${session.address} is signed out.`);
    } catch (error) {
      reportFailure(host.notices, error);
    }
    await this.list.load();
  }

  private async endOthers(count: number): Promise<void> {
    const isSure = await confirmDialog({
      title: 'Sign out all other browsers?',
      testId: 'confirm-end-others',
      paragraphs: [
        `${plural(count, 'browser')} will have to sign in again. What is half-written there stays on their screens.`,
      ],
      confirmLabel: 'Sign them out',
    });
    if (!isSure) return;
    try {
      await this.host.admin.endOtherSessions();
      this.host.notices.success(`${plural(count, 'other browser')} signed out.`);
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
    await this.list.load();
  }
}

function summary(count: number): string {
  if (count === 0) return 'No browser is signed in with a session.';
  return count === 1 ? 'Only this browser is signed in.' : `${plural(count, 'browser')} are signed in.`;
}
