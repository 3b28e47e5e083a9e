import type { Instance } from '../../../src/contracts/instance.js';
import { safeHref } from '../base/dom.js';
import { isActive } from '../domain/status.js';
import type { Api, InstanceCommand } from '../net/api.js';
import type { NoticeStore } from '../state/notices.js';
import { copyText } from '../ui/copy.js';
import type { Action } from './action.js';

/** What the actions on an instance need of the rest; the dialogs live in features. */
export interface InstanceActionHost {
  api: Api;
  notices: NoticeStore;
  showTool(instance: Instance, tool: 'log' | 'terminal' | 'script' | 'view' | 'environment'): void;
  showDetails(instance: Instance): void;
  confirmDelete(instance: Instance, mode: 'trash' | 'permanent'): void;
  confirmKill(instance: Instance): Promise<boolean>;
  /** Opens a dialog that asks for what it needs, and does it. */
  open(dialog: 'clone' | 'satellite' | 'export' | 'update' | 'rebuild', instance: Instance): Promise<void>;
  /** Other actions make sense of an instance now, though nothing was told of it. */
  reconsider(instanceId: number): void;
}

/** Commands under way, so that a second press waits for the first one's answer. */
class PendingCommands {
  private readonly ids = new Set<number>();

  constructor(private readonly onSettled: (instanceId: number) => void) {}

  reason(instance: Instance): string | null {
    return this.ids.has(instance.id) ? `${instance.name} is still taking the last command.` : null;
  }

  async during(instance: Instance, work: () => Promise<void>): Promise<void> {
    this.ids.add(instance.id);
    try {
      await work();
    } finally {
      this.ids.delete(instance.id);
      // The last event may have come before the answer, and buttons were drawn as if the command were still on its way.
      this.onSettled(instance.id);
    }
  }
}

const SAID: Record<InstanceCommand, (name: string) => string> = {
  start: (name) => `Starting ${name}.`,
  stop: (name) => `Stopping ${name}.`,
  restart: (name) => `Restarting ${name}.`,
  kill: (name) => `Killing ${name}.`,
};

export function instanceActions(host: InstanceActionHost): Action<Instance>[] {
  const pending = new PendingCommands((id) => host.reconsider(id));
  const command = (name: InstanceCommand) => (instance: Instance) =>
    pending.during(instance, async () => {
      if (name === 'kill' && !(await host.confirmKill(instance))) return;
      await host.api.command(instance.id, name);
      host.notices.success(SAID[name](instance.name));
    });
  return [
    {
      id: 'instance.start',
      label: 'Start',
      icon: 'play',
      shortcut: 's',
      disabledReason: (instance) => pending.reason(instance) ?? startReason(instance),
      run: command('start'),
    },
    {
      id: 'instance.stop',
      label: 'Stop',
      icon: 'stop',
      shortcut: 'x',
      disabledReason: (instance) => pending.reason(instance) ?? stopReason(instance),
      run: command('stop'),
    },
    {
      id: 'instance.restart',
      label: 'Restart',
      icon: 'restart',
      shortcut: 'r',
      disabledReason: (instance) => pending.reason(instance) ?? restartReason(instance),
      run: command('restart'),
    },
    {
      id: 'instance.view',
      label: 'View here',
      icon: 'view',
      shortcut: 'v',
      disabledReason: () => null,
      run: (instance) => host.showTool(instance, 'view'),
    },
    {
      id: 'instance.open',
      label: 'Open in a tab',
      icon: 'open',
      shortcut: 'o',
      disabledReason: openReason,
      run: (instance) => {
        window.open(safeHref(instance.url), '_blank', 'noopener');
      },
    },
    {
      id: 'instance.desktop',
      label: 'Open desktop',
      icon: 'screen',
      shortcut: 'd',
      disabledReason: desktopReason,
      run: (instance) => {
        window.open(safeHref(instance.desktop_url ?? ''), '_blank', 'noopener');
      },
    },
    {
      id: 'instance.copy-address',
      label: 'Copy address',
      icon: 'copy',
      shortcut: 'y',
      disabledReason: () => null,
      run: async ({ url }) => {
        const isCopied = await copyText(url);
        if (isCopied) host.notices.success(`Copied ${url}`);
        else host.notices.add({ level: 'warning', message: `The browser kept its clipboard. It is ${url}` });
      },
    },
    {
      id: 'instance.log',
      label: 'Show log',
      icon: 'log',
      shortcut: 'l',
      disabledReason: () => null,
      run: (instance) => host.showTool(instance, 'log'),
    },
    {
      id: 'instance.terminal',
      label: 'Terminal',
      icon: 'terminal',
      shortcut: 't',
      disabledReason: () => null,
      run: (instance) => host.showTool(instance, 'terminal'),
    },
    {
      id: 'instance.script',
      label: 'Edit script',
      icon: 'script',
      shortcut: 'e',
      disabledReason: () => null,
      run: (instance) => host.showTool(instance, 'script'),
    },
    {
      id: 'instance.environment',
      label: 'Environment',
      icon: 'box',
      disabledReason: () => null,
      run: (instance) => host.showTool(instance, 'environment'),
    },
    {
      id: 'instance.details',
      label: 'Details and settings…',
      icon: 'sliders',
      shortcut: 'Enter',
      disabledReason: () => null,
      run: (instance) => host.showDetails(instance),
    },
    {
      id: 'instance.clone',
      label: 'Clone…',
      icon: 'copy',
      shortcut: 'c',
      disabledReason: () => null,
      run: (instance) => host.open('clone', instance),
    },
    {
      id: 'instance.satellite',
      label: 'Add satellite…',
      icon: 'satellite',
      shortcut: 'a',
      disabledReason: () => null,
      run: (instance) => host.open('satellite', instance),
    },
    {
      id: 'instance.export',
      label: 'Export…',
      icon: 'archive',
      disabledReason: () => null,
      run: (instance) => host.open('export', instance),
    },
    {
      id: 'instance.update',
      label: 'Update…',
      icon: 'download',
      shortcut: 'u',
      disabledReason: buildReason,
      run: (instance) => host.open('update', instance),
    },
    {
      id: 'instance.rebuild',
      label: 'Rebuild environment…',
      icon: 'restart',
      disabledReason: (instance) => buildReason(instance) ?? pending.reason(instance),
      run: (instance) => pending.during(instance, () => host.open('rebuild', instance)),
    },
    {
      id: 'instance.kill',
      label: 'Kill…',
      icon: 'bolt',
      isDangerous: true,
      disabledReason: killReason,
      run: command('kill'),
    },
    {
      id: 'instance.trash',
      label: 'Move to trash…',
      icon: 'trash',
      isDangerous: true,
      disabledReason: deleteReason,
      run: (instance) => host.confirmDelete(instance, 'trash'),
    },
    {
      id: 'instance.delete',
      label: 'Delete permanently…',
      icon: 'close',
      isDangerous: true,
      disabledReason: deleteReason,
      run: (instance) => host.confirmDelete(instance, 'permanent'),
    },
  ];
}

function startReason(instance: Instance): string | null {
  if (instance.status === 'stopping') return `${instance.name} is still stopping.`;
  return isActive(instance.status) ? `${instance.name} is ${instance.status} already.` : null;
}

function stopReason(instance: Instance): string | null {
  if (instance.status === 'stopped') return `${instance.name} is stopped.`;
  if (instance.status === 'stopping') return `${instance.name} is stopping already.`;
  // A failed instance waits for its automatic restart, which stopping calls off.
  if (instance.status === 'error' && instance.next_restart_at === null)
    return `${instance.name} is not running.`;
  return null;
}

function restartReason(instance: Instance): string | null {
  if (instance.status === 'stopping') return `${instance.name} is stopping.`;
  return isActive(instance.status) ? null : `${instance.name} is not running; start it instead.`;
}

function openReason(instance: Instance): string | null {
  return instance.status === 'started' || instance.status === 'stalled'
    ? null
    : `${instance.name} can be opened once it is started.`;
}

function desktopReason(instance: Instance): string | null {
  if (instance.desktop_url === null) return `${instance.name} has no desktop; its settings can give it one.`;
  return isActive(instance.status) ? null : `${instance.name} is not running.`;
}

function buildReason({ name, status }: Instance): string | null {
  return status === 'stopping' ? `${name} is stopping.` : null;
}

function killReason(instance: Instance): string | null {
  return isActive(instance.status) ? null : `${instance.name} is not running.`;
}

function deleteReason(instance: Instance): string | null {
  return isActive(instance.status) ? `${instance.name} is ${instance.status}; stop it first.` : null;
}
