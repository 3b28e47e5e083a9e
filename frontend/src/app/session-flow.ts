import { SigninPage } from '../features/signin/signin-page.js';
import { ApiError } from '../net/http.js';
import { reportFailure } from '../state/report-error.js';
import type { Services } from './services.js';
import { Shell } from './shell.js';

const RETRY_MS = 2_000;

/**
 * Who sees what: asks for the session, shows the dashboard or the sign-in page over it. When a session ends by itself the
 * dashboard stays underneath as it was; when the user signs out it goes.
 */
export class SessionFlow {
  private shell: Shell | null = null;
  private signin: SigninPage | null = null;
  private isAsking = false;

  constructor(
    private readonly services: Services,
    private readonly root: HTMLElement,
  ) {
    const { api, events, session } = services;
    session.state.on((state) => {
      if (state.kind === 'signed-in') this.enter();
      else if (state.kind === 'signed-out') this.leave();
    });
    api.unauthenticated.on(() => session.signOut());
    // A refused handshake looks like a broken network to a page; only a call can tell which of them it was.
    events.failed.on(() => void this.ask());
    void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.isAsking || this.signin) return;
    this.isAsking = true;
    try {
      this.services.session.signIn(await this.services.api.session());
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) this.waitForServer();
    } finally {
      this.isAsking = false;
    }
  }

  /** Before anything is shown, a server that is not there yet is waited for; later the event stream does the waiting. */
  private waitForServer(): void {
    if (this.shell) return;
    this.services.session.markUnreachable();
    this.root.textContent = 'AiKore does not answer. This page keeps trying.';
    window.setTimeout(() => void this.ask(), RETRY_MS);
  }

  private enter(): void {
    this.signin?.dispose();
    this.signin = null;
    if (!this.shell) {
      this.shell = new Shell(this.services, () => this.signOut());
      this.root.replaceChildren(this.shell.element);
      this.services.blueprints.refresh().catch((error: unknown) => {
        reportFailure(this.services.notices, error, 'The blueprints could not be fetched. ');
      });
    }
    this.services.events.start();
  }

  private leave(): void {
    this.services.events.stop();
    if (!this.shell) this.root.replaceChildren();
    this.signin ??= new SigninPage({
      api: this.services.api,
      onSignedIn: (session) => this.services.session.signIn(session),
    });
  }

  private async signOut(): Promise<void> {
    await this.services.api.logout();
    this.services.pending.clear();
    this.services.notices.clear();
    this.shell?.dispose();
    this.shell = null;
    document.title = 'AiKore';
    this.services.session.signOut();
  }
}
