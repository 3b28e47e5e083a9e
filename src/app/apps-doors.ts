import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyState } from '../contracts/proxy.js';
import type { Caller } from '../core/auth/caller.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logging.js';
import type { StandingWarnings } from '../core/warnings/standing-warnings.js';
import type { AppsServer } from '../features/access/apps-server.js';
import type { NginxApps } from '../features/access/nginx/nginx-apps.js';
import type { NginxProblem } from '../features/access/nginx/nginx-planner.js';
import type { PortListeners } from '../host/ports/port-listeners.js';

/** So often in a row NGINX may fail to run before AiKore serves applications itself. */
const MAX_FAILURES = 3;

/** A port that is somebody else's today may be free a moment later. */
const RETRY_MS = 3000;

/** Of all warnings about NGINX. */
const WARNING_PREFIX = 'nginx ';
const RELIEF = 'NGINX serves applications again.';

export interface AppsDoorsOptions {
  /** `auto`: NGINX, unless it cannot be run at all. */
  wish: 'auto' | 'nginx' | 'embedded';
  host: string;
  port: number;
  apps: AppsServer<Caller>;
  published: PortListeners;
  /** Null: there is no NGINX, or why it cannot be used. */
  nginx: { apps: NginxApps<Caller>; version: string | null } | { absence: string } | null;
  warnings: StandingWarnings;
  logger: Logger;
}

/** The doors to the applications, kept by one engine at a time: NGINX, or this process. */
export class AppsDoors {
  private engine: 'nginx' | 'embedded';
  private failures = 0;
  private isMoving = false;
  private isClosed = false;
  /** The port that applications are served on. */
  port: number;

  constructor(private readonly options: AppsDoorsOptions) {
    const { wish, nginx, port } = options;
    this.engine = wish === 'nginx' || (wish === 'auto' && this.nginx !== null) ? 'nginx' : 'embedded';
    this.port = port;
    if (nginx !== null && 'absence' in nginx && wish !== 'embedded')
      options.warnings.set(`${WARNING_PREFIX}absent`, nginx.absence);
  }

  get state(): ProxyState {
    const { nginx } = this;
    if (this.engine === 'embedded') return { engine: 'embedded', is_serving: true, version: null };
    return {
      engine: 'nginx',
      is_serving: nginx?.apps.engine.isServing ?? false,
      version: nginx?.version ?? null,
    };
  }

  /**
   * Opens the doors. With NGINX a port that somebody else has is no error, but a warning: it is tried again.
   * @throws the system's error when this process cannot listen
   */
  async open(): Promise<void> {
    if (this.engine === 'nginx') {
      await this.nginx?.apps.start();
      this.port = this.nginx?.apps.engine.port || this.options.port;
    }
    if (this.engine === 'nginx' && !this.mustStepIn()) return;
    await this.endNginx();
    await this.openEmbedded();
  }

  /** Hostnames, published ports or certificates may be others now. */
  reconcile(): Promise<void> {
    return this.engine === 'nginx'
      ? (this.nginx?.apps.engine.reconcile() ?? Promise.resolve())
      : this.options.published.reconcile();
  }

  /** Something that decides about requests is another now, such as a sign-in that ended. */
  forgetPassages(): void {
    if (this.engine === 'nginx') this.nginx?.apps.engine.forgetPassages();
  }

  /** Whether a process belongs to AiKore's NGINX. */
  isOwnNginx(pid: number): boolean {
    return this.nginx?.apps.hasProcess(pid) ?? false;
  }

  /** What is wrong with NGINX now. */
  tell(problems: readonly NginxProblem[]): void {
    const keyed = new Map(problems.map(({ key, message }) => [`${WARNING_PREFIX}${key}`, message]));
    this.options.warnings.replace(WARNING_PREFIX, keyed, RELIEF);
    for (const { message } of problems) this.options.logger.warn(message);
  }

  /** NGINX has tried to run once more. */
  noteAttempt(problems: readonly NginxProblem[]): void {
    const isBroken = problems.some(({ kind }) => kind === 'broken') && !this.state.is_serving;
    this.failures = isBroken ? this.failures + 1 : 0;
    if (this.failures >= MAX_FAILURES && !this.isMoving && this.options.wish === 'auto') void this.stepIn();
  }

  /** @param isKept leaves NGINX running for the next AiKore */
  async close(isKept: boolean): Promise<void> {
    this.isClosed = true;
    await this.nginx?.apps.close(isKept && this.engine === 'nginx');
    await this.options.published.close();
    await this.options.apps.close();
  }

  private get nginx(): { apps: NginxApps<Caller>; version: string | null } | null {
    const { nginx } = this.options;
    return nginx !== null && 'apps' in nginx ? nginx : null;
  }

  /** At the boot nobody waits for a third attempt. */
  private mustStepIn(): boolean {
    const problems = this.nginx?.apps.engine.problems ?? [];
    return (
      this.options.wish === 'auto' && !this.state.is_serving && problems.some(({ kind }) => kind === 'broken')
    );
  }

  /** Takes NGINX's place for good. Somebody may have been faster at the port: it is tried until it is free. Never rejects. */
  private async stepIn(): Promise<void> {
    this.isMoving = true;
    await this.endNginx();
    while (!this.isClosed) {
      try {
        await this.openEmbedded();
        return;
      } catch (error) {
        const sentence = `Applications cannot be reached: ${messageOf(error)}. AiKore keeps trying.`;
        this.options.warnings.set(`${WARNING_PREFIX}successor`, sentence);
        this.options.logger.warn(sentence);
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private async endNginx(): Promise<void> {
    if (this.engine !== 'nginx' || this.nginx === null) return;
    const { engine } = this.nginx.apps;
    const reason = engine.problems.find(({ kind }) => kind === 'broken')?.message ?? '';
    await engine.close(false);
    const sentence = `AiKore serves applications itself, which is slower. ${reason} Mend that, and start AiKore again.`;
    this.options.warnings.replace(WARNING_PREFIX, new Map([[`${WARNING_PREFIX}replaced`, sentence]]));
  }

  private async openEmbedded(): Promise<void> {
    const { apps, published, host, nginx, warnings, logger } = this.options;
    this.port = await apps.listen(host, this.port);
    this.engine = 'embedded';
    warnings.set(`${WARNING_PREFIX}successor`, null, 'Applications can be reached again.');
    await published.reconcile();
    if (nginx !== null) logger.info('applications are served by the embedded engine', { port: this.port });
  }
}
