import { existsSync } from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import type { Config } from '../core/config/config.js';
import { messageOf } from '../core/errors.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import type { TlsCertificate } from '../core/tls/tls-certificate.js';
import type { StandingWarnings } from '../core/warnings/standing-warnings.js';
import type { AppsServer } from '../features/access/apps-server.js';
import { NginxApps } from '../features/access/nginx/nginx-apps.js';
import { NginxCertificate } from '../features/access/nginx/nginx-certificate.js';
import { forgetSecrets } from '../features/access/nginx/nginx-engine.js';
import { NginxPlanner } from '../features/access/nginx/nginx-planner.js';
import { NginxFolder } from '../host/nginx/nginx-folder.js';
import { NginxProcess } from '../host/nginx/nginx-process.js';
import { NginxProgram } from '../host/nginx/nginx-program.js';
import { AppsDoors } from './apps-doors.js';
import { ownCredentials, publishedPorts } from './build-apps.js';
import type { InstancesParts } from './build-instances.js';
import { findNginx } from './capabilities.js';
import { passageCallers } from './passage-callers.js';
import type { InstanceRoutes } from './route-source.js';
import { searchPath } from './search-path.js';

/** A worker is good for tens of thousands of requests a second. */
const MAX_WORKERS = 4;

export interface DoorsNeeds {
  config: Config;
  auth: Auth;
  apps: AppsServer<Caller>;
  routes: InstanceRoutes;
  instances: InstancesParts;
  certificate: TlsCertificate | null;
  warnings: StandingWarnings;
  logger: Logger;
}

/** The doors to the applications, with the engine that the operator wishes for and the machine has. */
export async function buildDoors(needs: DoorsNeeds): Promise<AppsDoors> {
  const { config, apps, routes, warnings, logger } = needs;
  if (config.proxy === 'embedded') await endFormerNginx(join(config.dataDir, 'run', 'nginx'));
  const doors: AppsDoors = new AppsDoors({
    wish: config.proxy,
    host: config.host,
    port: config.appsPort,
    apps,
    published: publishedPorts(config.host, apps, routes, warnings),
    nginx: config.proxy === 'embedded' ? null : await buildNginx(needs, () => doors),
    warnings,
    logger,
  });
  return doors;
}

async function buildNginx(needs: DoorsNeeds, doors: () => AppsDoors) {
  const { config, auth, apps, routes, instances, certificate, logger } = needs;
  const binary = findNginx(searchPath);
  if (binary === null) {
    await endFormerNginx(join(config.dataDir, 'run', 'nginx'));
    const absence = 'Applications cannot be reached: AIKORE_PROXY is nginx, but NGINX is not installed.';
    return config.proxy === 'nginx' ? { absence } : null;
  }
  try {
    const folder = new NginxFolder(join(config.dataDir, 'run', 'nginx'));
    const program = new NginxProgram(binary, folder.path, instances.spawner);
    const copies = certificate === null ? null : new NginxCertificate(folder, () => certificate.pem);
    certificate?.onRenewed(() => void doors().reconcile());
    const nginx = new NginxApps<Caller>({
      folder,
      process: new NginxProcess(program),
      planner: new NginxPlanner({
        wishes: () => ({
          host: config.host,
          port: config.appsPort,
          publicPorts: new Map(
            routes.publicPorts.map((port) => [port, routes.findByPort(port)?.name ?? 'An application']),
          ),
          hostnames: routes.hostnames,
          leasedPorts: [...instances.registry.rows()].map((row) => row.port),
          tlsFingerprint: copies?.fingerprint() ?? null,
        }),
        workers: Math.min(availableParallelism(), MAX_WORKERS),
        user: process.getuid?.() === 0 ? userInfo().username : null,
      }),
      handler: apps.handler,
      credentials: ownCredentials(auth),
      liveSockets: auth.sockets,
      callers: passageCallers(auth, config),
      onProblems: (problems) => doors().tell(problems),
      onAttempt: (problems) => doors().noteAttempt(problems),
      logger,
    });
    return { apps: nginx, version: await program.version() };
  } catch (error) {
    return { absence: `NGINX cannot be used: ${messageOf(error)}.` };
  }
}

/** One that was left running for the next AiKore has the ports that this one is to listen on itself. */
async function endFormerNginx(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const folder = new NginxFolder(path);
  await new NginxProcess(new NginxProgram('', folder.path)).stop(0);
  await forgetSecrets(folder);
  folder.close();
}

/** NGINX keeps a *yes* for a moment. Whatever may turn it into a *no*, or lead it elsewhere, ends that moment. */
export function forgetPassagesInTime(hub: EventHub, auth: Auth, doors: AppsDoors): void {
  const forget = (): void => doors.forgetPassages();
  auth.sessions.onRevoked(forget);
  auth.tokens.onRevoked(forget);
  hub.subscribe(({ type }) => {
    if (type === 'instance.updated' || type === 'instance.state' || type === 'instance.removed') forget();
  });
}
