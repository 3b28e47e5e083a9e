import type { DesktopStatus } from '../../../src/contracts/desktop.js';
import { Observable } from '../../src/base/observable.js';
import { askAgainMs, backoffMs } from '../domain/backoff.js';
import type { Stage } from '../domain/words.js';
import { CLOSE_CODES, KASM_PAGE, askStatus, openBridge } from '../net/desktop-net.js';
import type { Screen } from './screen.js';

export interface Situation {
  stage: Stage;
  /** As AiKore told it last. */
  status: DesktopStatus | null;
}

/** Brings the desktop to the screen, and brings it back whenever it goes. */
export class Connection {
  readonly situation = new Observable<Situation>({ stage: 'asking', status: null });
  screen: Screen | null = null;
  private failures = 0;
  private timer = 0;
  private wasShown = false;

  /** @param makeScreen shows what comes over a socket */
  constructor(private readonly makeScreen: (socket: WebSocket) => Screen) {}

  start(): void {
    void this.ask();
    // Whoever comes back to this page does not want to wait for its turn.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.screen === null) this.askIn(0);
    });
  }

  private async ask(): Promise<void> {
    const asked = await askStatus();
    if (this.screen !== null) return;
    switch (asked.kind) {
      case 'signed-out':
        location.reload();
        return;
      case 'gone':
        this.wait('gone', backoffMs(10));
        return;
      case 'away':
        this.failures += 1;
        // Where the desktop was nobody listens any more: that AiKore is away would be wrong.
        this.wait(this.situation.value.stage === 'gone' ? 'gone' : 'away', backoffMs(this.failures));
        return;
      case 'status':
        this.act(asked.status);
    }
  }

  private act(status: DesktopStatus): void {
    if (!status.is_ready) {
      const isBack = this.wasShown && status.status === 'started' && status.is_coming;
      this.wait(isBack ? 'lost' : 'waiting', askAgainMs(document.hidden), status);
    } else if (status.client === 'kasmvnc') {
      location.replace(KASM_PAGE);
    } else {
      this.connect(status);
    }
  }

  private connect(status: DesktopStatus): void {
    if (this.situation.value.stage !== 'crowded') this.tell('connecting', status);
    const screen = this.makeScreen(openBridge());
    this.screen = screen;
    screen.connected.on(() => {
      this.failures = 0;
      this.wasShown = true;
      this.tell('shown', status);
    });
    screen.ended.on((code) => this.ended(code));
  }

  private ended(code: number): void {
    this.screen = null;
    if (code === CLOSE_CODES.signedOut) {
      location.reload();
      return;
    }
    if (code === CLOSE_CODES.noDesktop) {
      this.wait('gone', backoffMs(10));
      return;
    }
    if (code === CLOSE_CODES.tooManyViewers) {
      this.wait('crowded', backoffMs(10));
      return;
    }
    this.failures += 1;
    this.wait(this.wasShown ? 'lost' : 'connecting', backoffMs(this.failures - 1));
  }

  private wait(stage: Stage, delayMs: number, status = this.situation.value.status): void {
    this.tell(stage, status);
    this.askIn(delayMs);
  }

  private askIn(delayMs: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), delayMs);
  }

  private tell(stage: Stage, status: DesktopStatus | null): void {
    this.situation.set({ stage, status });
  }
}
