import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Instance } from '../../../src/contracts/instance.js';
import type { ScriptChanged } from '../../../src/contracts/script.js';
import { whenIdle } from '../base/lazy.js';
import { Emitter } from '../base/observable.js';
import { ThemeChoice } from '../features/system/theme.js';
import { Api } from '../net/api.js';
import { EventStream } from '../net/events.js';
import { ScriptApi } from '../net/script-api.js';
import { BlueprintStore } from '../state/blueprints.js';
import { DraftStore } from '../state/drafts.js';
import { forgetGone } from '../state/forget-gone.js';
import { InstanceStore } from '../state/instances.js';
import { PendingChanges } from '../state/pending-changes.js';
import { NoticeStore } from '../state/notices.js';
import type { NoticeLevel } from '../state/notices.js';
import { SessionStore } from '../state/session.js';
import { SystemStore } from '../state/system.js';
import { TransferStore } from '../state/transfers.js';
import { TrashStore } from '../state/trash.js';
import { VersionCheckStore } from '../state/version-checks.js';

/** What the parts of the page share. */
export interface Services {
  api: Api;
  events: EventStream;
  session: SessionStore;
  instances: InstanceStore;
  pending: PendingChanges;
  system: SystemStore;
  blueprints: BlueprintStore;
  trash: TrashStore;
  transfers: TransferStore;
  notices: NoticeStore;
  theme: ThemeChoice;
  scripts: ScriptApi;
  /** Unsaved work. */
  drafts: DraftStore;
  versionChecks: VersionCheckStore;
  /** An instance's script has another saved version. */
  scriptChanged: Emitter<ScriptChanged>;
  /** Everything was told anew: what was missed before is not told again. */
  resynced: Emitter<void>;
  /** An action on an instance that a tool offers; the shell runs it. */
  wishes: Emitter<{ actionId: string; instance: Instance }>;
}

/** Makes everything and lets the events flow into the stores. */
export function createServices(): Services {
  const api = new Api();
  const instances = new InstanceStore();
  const services: Services = {
    api,
    events: new EventStream(),
    session: new SessionStore(),
    instances,
    pending: new PendingChanges(instances),
    system: new SystemStore(),
    blueprints: new BlueprintStore(() => api.blueprints()),
    trash: new TrashStore(),
    transfers: new TransferStore(),
    notices: new NoticeStore(),
    theme: new ThemeChoice(),
    scripts: new ScriptApi(api),
    drafts: new DraftStore(),
    versionChecks: new VersionCheckStore(),
    scriptChanged: new Emitter(),
    resynced: new Emitter(),
    wishes: new Emitter(),
  };
  services.pending.lost.on((name) =>
    services.notices.add({
      level: 'warning',
      message: `${name} is gone; what was changed of it and not saved went with it.`,
    }),
  );
  services.events.event.on((event) => distribute(services, event));
  services.events.state.on((state) => state === 'live' && services.notices.forgetOutage());
  return services;
}

function distribute(services: Services, event: ServerEvent): void {
  const versionBefore = services.system.info.value?.version;
  services.instances.apply(event);
  services.system.apply(event);
  services.trash.apply(event);
  services.transfers.apply(event);
  if (event.type === 'notice') tell(services, event.data);
  if (event.type === 'script.changed') services.scriptChanged.fire(event.data);
  if (event.type === 'blueprints.changed') void services.blueprints.refreshQuietly();
  if (event.type === 'snapshot') {
    services.resynced.fire();
    whenIdle(() => forgetGone((id) => services.instances.get(id) !== null, Date.now()));
    // Before the first time nobody has asked for them.
    if (services.blueprints.catalogue.value) void services.blueprints.refreshQuietly();
  }
  if (
    event.type === 'snapshot' &&
    versionBefore !== undefined &&
    versionBefore !== event.data.system.version
  ) {
    offerReload(services, event.data.system.version);
  }
}

function tell(services: Services, notice: Extract<ServerEvent, { type: 'notice' }>['data']): void {
  const level: NoticeLevel = notice.level;
  const instance = notice.instance_id === null ? null : services.instances.get(notice.instance_id);
  const prefix = instance && !notice.message.includes(instance.name) ? `${instance.name}: ` : '';
  services.notices.add({ level, message: prefix + notice.message, instanceId: notice.instance_id });
}

/** The page's own code is of the version before; what is open is not thrown away without asking. */
function offerReload(services: Services, version: string): void {
  services.notices.add({
    level: 'info',
    message: `AiKore is now version ${version}. Reload the page to get its new dashboard.`,
    action: { label: 'Reload', run: () => location.reload() },
  });
}
