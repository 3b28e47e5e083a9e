import type { AccessCaller, Gate, HostPolicy, RouteSource, RouteState } from './access.ports.js';
import type { Answer } from './answer.js';
import { jsonAnswer, pageAnswer, redirectAnswer } from './answer.js';
import { ownFileAnswer } from './assets/own-files.js';
import type { Target } from './domain/match.js';
import { parseTarget, slugOfReferer } from './domain/match.js';
import type { Origins } from '../../core/http/domain/origins.js';
import { dashboardOrigin, isForeignOrigin, isOriginOfHost } from '../../core/http/domain/origins.js';
import type { Place } from './place.js';
import { placeOf } from './place.js';
import { requestProblem } from './domain/request-check.js';
import type { Mount } from './domain/route.js';
import { OWN_FOLDER, prefixOf, upstreamPath } from './domain/route.js';
import { homePage } from './pages/plain-pages.js';
import { startingState } from './pages/starting-page.js';
import { isListening } from './port-probe.js';
import * as refusals from './refusals.js';
import type { RequestView } from './request-view.js';

/** What becomes of a request: an answer of AiKore's own, or passing it on. */
export type Decision<Caller extends AccessCaller> =
  { kind: 'answer'; answer: Answer | Promise<Answer>; isAdmitted: boolean } | Passage<Caller>;

/** A request that may pass. */
export interface Passage<Caller extends AccessCaller> {
  kind: 'proxy';
  caller: Caller;
  route: RouteState;
  mount: Mount;
  /** The path and query for the application, raw. */
  path: string;
}

export interface AccessRules<Caller extends AccessCaller> {
  routes: RouteSource;
  gate: Gate<Caller>;
  hosts: HostPolicy;
  origins: () => Origins;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Statuses in which no process of the instance can be on its port, so whoever listens there is somebody else. */
const WITHOUT_PROCESS = new Set(['stopped', 'queued', 'error']);

/** Decides about every request and upgrade for an application, before anything else looks at it. */
export class AccessDecision<Caller extends AccessCaller> {
  constructor(private readonly rules: AccessRules<Caller>) {}

  decide(view: RequestView): Decision<Caller> {
    const target = parseTarget(view.target);
    const refusal = this.refusalBeforeSignIn(view, target) ?? this.publicFile(view, target);
    if (refusal !== null) return { kind: 'answer', answer: refusal, isAdmitted: false };
    const caller = this.admit(view);
    if ('refusal' in caller) return { kind: 'answer', answer: caller.refusal, isAdmitted: false };
    const place = placeOf(view.entry, view.host, this.rules.routes);
    if (this.isFromForeignPage(view, caller, place)) {
      return {
        kind: 'answer',
        answer: refusals.foreignOrigin(view, this.dashboard(view)),
        isAdmitted: false,
      };
    }
    return this.route(view, target, caller, place);
  }

  /** Where the browser that sent this request finds the dashboard. */
  dashboard(view: RequestView): string {
    return dashboardOrigin(view.host, this.rules.origins());
  }

  private refusalBeforeSignIn(view: RequestView, target: Target): Answer | null {
    if (view.method === 'TRACE' || view.method === 'CONNECT') return refusals.methodNotAllowed();
    if (target.kind === 'malformed') {
      return refusals.malformed('The request target must be a path that begins with a slash.');
    }
    const problem = requestProblem(view.rawHeaders, view.isUpgrade);
    if (problem !== null) return refusals.malformed(problem);
    return this.rules.hosts.accepts(view.host) ? null : refusals.unknownHost(view);
  }

  private admit(view: RequestView): Caller | { refusal: Answer } {
    try {
      const caller = this.rules.gate.admit(view);
      return caller ?? { refusal: refusals.notSignedIn(view, this.dashboard(view)) };
    } catch (error) {
      const refusal = refusals.ofTheGate(error, view, this.dashboard(view));
      if (refusal === null) throw error;
      return { refusal };
    }
  }

  /** Style and scripts of own pages; the *sign in* page needs them before the sign-in. */
  private publicFile(view: RequestView, target: Target): Answer | null {
    const file = ownFileOf(view.target, target);
    if (file === null || (view.method !== 'GET' && view.method !== 'HEAD')) return null;
    return ownFileAnswer(file, view.headers['if-none-match']);
  }

  /**
   * SameSite cookies go along with requests from every port of the same host, so the page behind a change or a
   * WebSocket is told by its Origin. Programs send none. `null` is what a page of ours with `no-referrer` sends in
   * forms; a sandboxed frame sends it too, but browsers do not call that same-origin. On an origin of its own an
   * application hears of its own pages only.
   */
  private isFromForeignPage(view: RequestView, caller: Caller, place: Place<RouteState>): boolean {
    const origin = view.headers.origin;
    if (caller.via === 'token' || origin === undefined) return false;
    if (!view.isUpgrade && SAFE_METHODS.has(view.method)) return false;
    if (origin === 'null' && view.headers['sec-fetch-site'] === 'same-origin') return false;
    return place.kind === 'paths'
      ? isForeignOrigin(origin, view.host, this.rules.origins())
      : !isOriginOfHost(origin, view.host);
  }

  private route(
    view: RequestView,
    target: Target,
    caller: Caller,
    place: Place<RouteState>,
  ): Decision<Caller> {
    if (place.kind === 'own') return this.onOwnOrigin(view, target, caller, place.route);
    if (place.kind === 'nowhere') return admitted(refusals.notFound(view, this.dashboard(view)));
    if (target.kind !== 'instance') return admitted(this.outside(view, target));
    const route = this.rules.routes.find(target.slug);
    if (route === null) return admitted(refusals.notFound(view, this.dashboard(view)));
    return this.underPrefix(view, target.rest, caller, route, prefixOf(target.slug));
  }

  private underPrefix(
    view: RequestView,
    rest: string,
    caller: Caller,
    route: RouteState,
    mount: Mount,
  ): Decision<Caller> {
    if (!rest.startsWith('/')) return admitted(redirectAnswer(308, `${prefixOf(route.slug)}/${rest}`));
    if (rest.startsWith(OWN_FOLDER)) return admitted(this.ownState(view, route, rest));
    return this.toApplication(view, caller, route, mount, upstreamPath(route, rest));
  }

  /** The prefix works here as well: applications that were told of it use it at every address. */
  private onOwnOrigin(
    view: RequestView,
    target: Target,
    caller: Caller,
    route: RouteState,
  ): Decision<Caller> {
    if (target.kind === 'own') {
      return admitted(sessionAnswer(target.file) ?? this.ownState(view, route, view.target));
    }
    if (target.kind === 'instance' && target.slug === route.slug) {
      return this.underPrefix(view, target.rest, caller, route, '');
    }
    const query = /^\/(\?.*)?$/.exec(view.target)?.[0].slice(1);
    if (route.mode === 'keep' && query !== undefined) {
      return admitted(redirectAnswer(307, `${prefixOf(route.slug)}/${query}`));
    }
    return this.toApplication(view, caller, route, '', view.target);
  }

  private toApplication(
    view: RequestView,
    caller: Caller,
    route: RouteState,
    mount: Mount,
    path: string,
  ): Decision<Caller> {
    if (WITHOUT_PROCESS.has(route.status)) {
      return admitted(refusals.notReady(view, route, mount, this.dashboard(view)));
    }
    return { kind: 'proxy', caller, route, mount, path };
  }

  private outside(view: RequestView, target: Target): Answer {
    if (target.kind === 'own') {
      return sessionAnswer(target.file) ?? refusals.notFound(view, this.dashboard(view));
    }
    const isInstancePath = view.target.startsWith('/instance/');
    const slug = isInstancePath ? null : slugOfReferer(view.headers.referer, view.host);
    if (slug !== null && this.rules.routes.find(slug) !== null) {
      return redirectAnswer(307, prefixOf(slug) + view.target);
    }
    if (/^\/(\?|$)/.test(view.target)) return pageAnswer(200, homePage(this.dashboard(view)));
    return refusals.notFound(view, this.dashboard(view));
  }

  private async ownState(view: RequestView, route: RouteState, rest: string): Promise<Answer> {
    if (!/^\/\.aikore\/status(\?|$)/.test(rest)) return refusals.notFound(view, this.dashboard(view));
    const isAnswering = !WITHOUT_PROCESS.has(route.status) && (await isListening(route.port));
    return jsonAnswer(200, await startingState(route, isAnswering));
  }
}

/** An answer for somebody who is signed in. */
function admitted(answer: Answer | Promise<Answer>): {
  kind: 'answer';
  answer: typeof answer;
  isAdmitted: true;
} {
  return { kind: 'answer', answer, isAdmitted: true };
}

/** What the *sign in* page asks; whoever gets here is signed in. */
function sessionAnswer(file: string): Answer | null {
  return file === 'session' ? { status: 204, headers: { 'Cache-Control': 'no-store' }, body: '' } : null;
}

/** What follows `/.aikore/`, query included, below the root or below a prefix; null elsewhere. */
function ownFileOf(url: string, target: Target): string | null {
  if (target.kind === 'own') return url.slice(OWN_FOLDER.length);
  if (target.kind !== 'instance' || !target.rest.startsWith(OWN_FOLDER)) return null;
  return target.rest.slice(OWN_FOLDER.length);
}
