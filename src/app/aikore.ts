import { rmSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeFileAtomically } from '../host/files/atomic-write.js';
import { AIKORE } from '../core/audit/audit.port.js';
import type { Config } from '../core/config/config.js';
import { lockDataDirectory } from '../core/database/data-lock.js';
import { OpenSockets } from '../core/http/open-sockets.js';
import type { Logger } from '../core/logging.js';
import { buildParts } from './build-parts.js';
import type { Parts } from './build-parts.js';
import { prepareDataDirectory } from './data-dir.js';
import { routeOfHost } from '../features/access/place.js';
import { divertInstanceHosts } from './http/instance-hosts.js';
import { greeting } from './greeting.js';
import { keepApplicationsApart } from './keep-apart.js';
import { autostart, bootInstances, releaseInstances, stopInstances } from './instance-life.js';

/** Beyond the grace: the kill, its proof and the last write. */
const STOP_MARGIN_MS = 5000;

/** Terminals are hung up and soon killed; a busy machine takes its time. */
const TERMINALS_END_LIMIT_MS = 5000;

/** How often ended sessions are swept out. */
const UPKEEP_INTERVAL_MS = 60_000;

/** Far more than browsers open; a flood of connections must not take the descriptors that instances' logs need. */
const MAX_CONNECTIONS = 8192;

/** While it closes, idle connections are looked for so often. */
const CLOSING_INTERVAL_MS = 100;
/** What is under way has so long to be answered. */
const CLOSING_GRACE_MS = 3000;

/** A running AiKore: `start` boots it, `stop` ends it. */
export class AiKore {
  private readonly upkeep: NodeJS.Timeout;
  private readonly dashboardSockets: OpenSockets;

  private constructor(
    private readonly config: Config,
    private readonly logger: Logger,
    private readonly parts: Parts,
    private readonly unlock: () => void,
  ) {
    this.dashboardSockets = new OpenSockets(parts.dashboard.getHttpServer());
    this.upkeep = setInterval(() => this.maintain(), UPKEEP_INTERVAL_MS);
  }

  /**
   * Boots everything: data directory, database, sign-in, what still runs, the two origins, autostart.
   * @throws an Error whose message tells the operator what to do
   */
  static async start(config: Config, logger: Logger, print: (text: string) => void): Promise<AiKore> {
    keepApplicationsApart(config.appUser);
    await prepareDataDirectory(config.dataDir);
    const unlock = lockDataDirectory(config.dataDir);
    try {
      const parts = await buildParts(config, logger);
      const aikore = new AiKore(config, logger, parts, unlock);
      await aikore.open(print);
      return aikore;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /**
   * Ends AiKore. With `isKeepInstances` the instances run on; otherwise they are stopped first, all at once.
   * @param hurry aborting it kills what has not ended yet
   */
  async stop(hurry: AbortSignal): Promise<void> {
    this.parts.audit.record({ actor: AIKORE, action: 'server.stop', target: null, outcome: 'done' });
    const { instances, dashboard, doors, gateway, upgrades, sampler, gpus, disk, certificate, dataSource } =
      this.parts;
    const terminalsEnded = this.endTerminals();
    const transfersEnded = this.parts.transfers.operations.close();
    if (this.config.isKeepInstances) {
      releaseInstances(instances);
    } else {
      const left = await stopInstances(
        instances,
        hurry,
        this.config.stopGraceSeconds * 1000 + STOP_MARGIN_MS,
      );
      if (left.length > 0) this.logger.error('some instances could not be ended', { instances: left });
    }
    await terminalsEnded;
    await transfersEnded;
    sampler.stop();
    gpus.close();
    disk.close();
    certificate?.close();
    gateway.close();
    this.parts.terminals.gateway.close();
    upgrades.close();
    await this.parts.desktops.close();
    await doors.close(this.config.isKeepInstances);
    await closeSoon(dashboard, this.dashboardSockets);
    // What was started between the last look and now must not be left without AiKore.
    if (!this.config.isKeepInstances) await stopInstances(instances, AbortSignal.abort(), STOP_MARGIN_MS);
    await instances.spawner.close();
    await this.parts.auth.service.settled();
    await this.parts.audit.flush();
    await dataSource.destroy();
    // Last: without it nothing might keep Node from ending while this function still waits for the spawner.
    clearInterval(this.upkeep);
    if (this.config.readyFile !== null) rmSync(this.config.readyFile, { force: true });
    this.unlock();
  }

  private async endTerminals(): Promise<void> {
    const { sessions } = this.parts.terminals;
    if (this.config.isKeepInstances) sessions.release();
    else if (!(await sessions.closeAll(TERMINALS_END_LIMIT_MS)))
      this.logger.error('some terminals could not be ended');
  }

  private maintain(): void {
    this.parts.auth.service.maintain().catch((error: unknown) => {
      this.logger.warn('ended sessions could not be swept out', { error });
    });
    this.parts.audit.maintain().catch((error: unknown) => {
      this.logger.warn('old entries of the audit log could not be removed', { error });
    });
  }

  private async open(print: (text: string) => void): Promise<void> {
    const { config, parts } = this;
    await parts.disk.start();
    parts.instances.spawner.open();
    const { linkToken } = await parts.auth.service.boot(config);
    await bootInstances(parts.instances, this.logger);
    await parts.terminals.sessions.boot();
    await parts.transfers.archives.sweep();
    await Promise.all(parts.instances.registry.all().map(({ row }) => parts.routes.refresh(row.id)));
    parts.routes.refreshAddresses();
    const adoptedCount = parts.instances.registry.all().filter((supervisor) => supervisor.isActive).length;
    await this.listen();
    parts.sampler.start();
    parts.certificate?.start();
    const { dashboard, apps } = parts.origins.own;
    const missing = parts.capabilities.filter((part) => !part.present);
    print(greeting({ config, dashboardUrl: dashboard, linkToken, adoptedCount, missing }));
    if (config.readyFile !== null) {
      const ready = { dashboard: `${dashboard}/`, apps: `${apps}/`, pid: process.pid };
      await writeFileAtomically(config.readyFile, `${JSON.stringify(ready)}\n`, 0o600);
    }
    parts.audit.record({ actor: AIKORE, action: 'server.start', target: null, outcome: 'done' });
    await autostart(parts.instances, this.logger);
  }

  private async listen(): Promise<void> {
    const { config, parts } = this;
    await parts.dashboard.listen(config.port, config.host);
    const server = parts.dashboard.getHttpServer();
    server.maxConnections = MAX_CONNECTIONS;
    const address = server.address();
    if (address !== null && typeof address === 'object') parts.origins.ports.dashboard = address.port;
    parts.upgrades.attach(server);
    divertInstanceHosts(
      server,
      parts.apps.handler,
      (request) => routeOfHost(parts.clients.of(request).host, parts.routes) !== null,
    );
    // Last: when the dashboard cannot listen, no NGINX is left behind.
    await parts.desktops.open();
    await parts.doors.open();
    parts.origins.ports.apps = parts.doors.port;
  }
}

/**
 * Connections of requests that were under way become idle after their answer, and browsers open some in advance on which
 * nothing is asked: the server would wait a minute for both.
 */
async function closeSoon(dashboard: NestFastifyApplication, sockets: OpenSockets): Promise<void> {
  const server = dashboard.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), CLOSING_INTERVAL_MS);
  const cut = setTimeout(() => sockets.destroyAll(), CLOSING_GRACE_MS);
  try {
    await dashboard.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
