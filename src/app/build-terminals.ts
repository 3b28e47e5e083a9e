import { join } from 'node:path';
import type { AuditPort } from '../core/audit/audit.port.js';
import type { Auth } from '../core/auth/auth.factory.js';
import type { Config } from '../core/config/config.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { isFolder } from '../host/files/exists.js';
import type { BlueprintCatalogue } from '../features/blueprints/blueprints.api.js';
import { ShellSettings, isWithheld } from '../features/instances/instances.api.js';
import type { InstanceRegistry } from '../features/instances/instances.api.js';
import type { ShellPlace } from '../features/terminals/shell-command.js';
import { TerminalAudit } from '../features/terminals/terminal-audit.js';
import { TerminalGateway } from '../features/terminals/terminal-gateway.js';
import { TerminalSessions } from '../features/terminals/terminal-sessions.js';
import { ShellPlaces, ownerOf } from '../features/terminals/terminals.ports.js';
import type { InstancesParts } from './build-instances.js';
import { programFiles } from './program-files.js';

/** Everything about terminals, put together. */
export interface TerminalsParts {
  sessions: TerminalSessions;
  places: ShellPlaces;
  gateway: TerminalGateway;
}

export interface TerminalsNeeds {
  config: Config;
  catalogue: BlueprintCatalogue;
  instances: InstancesParts;
  hub: EventHub;
  auth: Pick<Auth, 'sockets' | 'authenticator'>;
  audit: AuditPort;
  logger: Logger;
}

/** Puts the terminals together. */
export function buildTerminals(needs: TerminalsNeeds): TerminalsParts {
  const { config, catalogue, instances, hub, auth, logger } = needs;
  const sessions = new TerminalSessions({
    root: join(config.dataDir, 'run', 'terminals'),
    binary: programFiles.terminal,
    starter: instances.spawner,
    logger,
  });
  const settings = new ShellSettings(instances.registry, instances.files, instances.script, catalogue, {
    functionsFile: programFiles.functions,
    programDir: programFiles.root,
    dataDir: config.dataDir,
  });
  const places = new Places(settings, instances.registry);
  const audit = new TerminalAudit({
    audit: needs.audit,
    instanceName: (id) => instances.registry.find(id)?.row.name ?? null,
    actorOf: (headers) => auth.authenticator.authenticate(headers)?.actor ?? null,
  });
  const gateway = new TerminalGateway({ sessions, places, liveSockets: auth.sockets, audit, logger });
  hub.subscribe((event) => {
    if (event.type !== 'instance.removed') return;
    const { id } = event.data;
    sessions.closeAllOf(ownerOf(id)).catch((error: unknown) => {
      logger.error('the terminals of a deleted instance could not be ended', { instance: id, error });
    });
  });
  return { sessions, places, gateway };
}

class Places extends ShellPlaces {
  constructor(
    private readonly settings: ShellSettings,
    private readonly registry: InstanceRegistry,
  ) {
    super();
  }

  override ofInstance(id: number): Promise<ShellPlace> {
    return this.settings.of(id);
  }

  override requireInstance(id: number): void {
    this.registry.get(id);
  }

  /** The operator's own surroundings, as the program was started in them. */
  override async ofMachine(): Promise<ShellPlace> {
    const kept = Object.entries(process.env).filter(([name]) => !isWithheld(name));
    const env = Object.fromEntries(
      kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const home = process.env['HOME'] ?? '';
    const cwd = home.startsWith('/') && (await isFolder(home)) ? home : '/';
    return { cwd, env, packages: null };
  }
}
