import { dashboardOrigin } from '../../core/http/domain/origins.js';
import type { AccessCaller, Answer, RequestView } from '../access/access.api.js';
import {
  OWN_FOLDER,
  errorAnswer,
  foreignOrigin,
  jsonAnswer,
  malformed,
  notFound,
  notSignedIn,
  ofTheGate,
  ownFileAnswer,
  requestProblem,
  unknownHost,
} from '../access/access.api.js';
import type { ClientFiles } from './client-files.js';
import { driverFileAnswer } from './driver-files.js';
import type { FileAnswer } from './file-answer.js';
import { desktopStatus } from './desktop-status.js';
import type { Desktop, DesktopDoor, DesktopSource } from './desktops.ports.js';
import { isForeignPage } from './domain/own-origin.js';

/** What becomes of a request to a desktop's address. */
export type DesktopDecision<Caller> =
  | { kind: 'answer'; answer: Answer | FileAnswer | Promise<Answer | FileAnswer>; isAdmitted: boolean }
  | { kind: 'bridge'; caller: Caller; desktop: Desktop };

/** Where the display is bridged to; every client of VNC over WebSockets knows it by this name. */
const BRIDGE_PATH = '/websockify';

/** Below it lies the client that is bundled with AiKore. */
const CLIENT_FOLDER = 'desktop/';

/** Decides about every request and handshake at the address of a desktop, before anything else looks at it. */
export class DesktopDecider<Caller extends AccessCaller> {
  constructor(
    private readonly door: DesktopDoor<Caller>,
    private readonly desktops: DesktopSource,
    private readonly files: ClientFiles,
  ) {}

  decide(view: RequestView, port: number): DesktopDecision<Caller> {
    const refusal = this.refusalBeforeSignIn(view) ?? publicFile(view);
    if (refusal !== null) return { kind: 'answer', answer: refusal, isAdmitted: false };
    const caller = this.admit(view);
    if ('refusal' in caller) return { kind: 'answer', answer: caller.refusal, isAdmitted: false };
    if (isFromForeignPage(view, caller)) {
      return { kind: 'answer', answer: foreignOrigin(view, this.dashboard(view)), isAdmitted: false };
    }
    const desktop = this.desktops.findByPort(port);
    if (desktop !== null && view.isUpgrade && pathOf(view) === BRIDGE_PATH) {
      return { kind: 'bridge', caller, desktop };
    }
    return { kind: 'answer', answer: this.answer(view, desktop), isAdmitted: true };
  }

  /** Whether an instance has its desktop at a port now. */
  hasDesktop(port: number): boolean {
    return this.desktops.findByPort(port) !== null;
  }

  /** Where the browser that sent this request finds the dashboard. */
  dashboard(view: RequestView): string {
    return dashboardOrigin(view, this.door.origins());
  }

  private refusalBeforeSignIn(view: RequestView): Answer | null {
    if (!view.target.startsWith('/') || view.target.includes('#')) {
      return malformed('The request target must be a path that begins with a slash.');
    }
    const problem = requestProblem(view.rawHeaders, view.isUpgrade);
    if (problem !== null) return malformed(problem);
    return this.door.hosts.accepts(view.host) ? null : unknownHost(view);
  }

  private admit(view: RequestView): Caller | { refusal: Answer } {
    try {
      // A session of one application's host name is none here.
      const caller = this.door.gate.admit(view, null);
      return caller ?? { refusal: notSignedIn(view, this.dashboard(view)) };
    } catch (error) {
      const refusal = ofTheGate(error, view, this.dashboard(view));
      if (refusal === null) throw error;
      return { refusal };
    }
  }

  private answer(
    view: RequestView,
    desktop: Desktop | null,
  ): Answer | FileAnswer | Promise<Answer | FileAnswer> {
    if (!isReading(view)) return notAllowed(view);
    if (desktop === null) return notFound(view, this.dashboard(view));
    const path = pathOf(view);
    if (path === '/') return this.files.page(view.rawHeaders);
    if (path.startsWith(OWN_FOLDER)) return this.own(view, desktop, path.slice(OWN_FOLDER.length));
    if (path === BRIDGE_PATH) return upgradeRequired();
    if (desktop.client === 'novnc') return notFound(view, this.dashboard(view));
    return driverFileAnswer(desktop.client.folder, path).then(
      (found) => found ?? notFound(view, this.dashboard(view)),
    );
  }

  private own(
    view: RequestView,
    desktop: Desktop,
    name: string,
  ): Answer | FileAnswer | Promise<Answer | FileAnswer> {
    // What the *sign in* page asks; whoever gets here is signed in.
    if (name === 'session') return { status: 204, headers: { 'Cache-Control': 'no-store' }, body: '' };
    if (name === 'status') {
      return desktopStatus(desktop, this.dashboard(view)).then((status) => jsonAnswer(200, status));
    }
    const file = name.startsWith(CLIENT_FOLDER)
      ? this.files.file(name.slice(CLIENT_FOLDER.length), view.rawHeaders)
      : null;
    return file ?? notFound(view, this.dashboard(view));
  }
}

function isFromForeignPage(view: RequestView, caller: AccessCaller): boolean {
  if (caller.via === 'token') return false;
  const trace = {
    host: view.host,
    origin: view.headers.origin,
    secFetchSite: single(view.headers['sec-fetch-site']),
    secFetchMode: single(view.headers['sec-fetch-mode']),
    isUpgrade: view.isUpgrade,
  };
  return isForeignPage(view.method, trace, caller.via === 'session');
}

/** Style and script of the *sign in* page. */
function publicFile(view: RequestView): Answer | null {
  if (!isReading(view) || view.isUpgrade || !view.target.startsWith(OWN_FOLDER)) return null;
  return ownFileAnswer(view.target.slice(OWN_FOLDER.length), view.headers['if-none-match']);
}

function isReading(view: RequestView): boolean {
  return view.method === 'GET' || view.method === 'HEAD';
}

function pathOf(view: RequestView): string {
  return view.target.split('?', 1)[0] ?? '';
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function notAllowed(view: RequestView): Answer {
  const sentence = `A desktop does not answer ${view.method}.`;
  return errorAnswer(405, 'METHOD_NOT_ALLOWED', sentence, { Allow: 'GET, HEAD' });
}

function upgradeRequired(): Answer {
  return errorAnswer(426, 'UPGRADE_REQUIRED', 'This is the address of a WebSocket.', {
    Upgrade: 'websocket',
  });
}
