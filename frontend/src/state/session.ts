import type { SessionInfo } from '../../../src/contracts/auth.js';
import { Observable } from '../base/observable.js';

/** `unknown` before the first answer, `unreachable` when the server gave none. */
export type SessionState =
  | { kind: 'unknown' }
  | { kind: 'unreachable' }
  | { kind: 'signed-out' }
  | { kind: 'signed-in'; session: SessionInfo };

/** Whether somebody is signed in. Written by the sign-in flow only. */
export class SessionStore {
  readonly state = new Observable<SessionState>({ kind: 'unknown' });

  get session(): SessionInfo | null {
    return this.state.value.kind === 'signed-in' ? this.state.value.session : null;
  }

  signIn(session: SessionInfo): void {
    this.state.set({ kind: 'signed-in', session });
  }

  signOut(): void {
    if (this.state.value.kind !== 'signed-out') this.state.set({ kind: 'signed-out' });
  }

  markUnreachable(): void {
    if (this.state.value.kind === 'unknown') this.state.set({ kind: 'unreachable' });
  }
}
