import type { Instance } from '../../../../src/contracts/instance.js';
import { applyRemedy, canApply } from '../../features/remedies/remedies.js';
import { loadPart } from '../../net/load-part.js';
import { reportFailure } from '../../state/report-error.js';
import type { IconName } from '../../ui/icon.js';
import type { ToolView } from '../../ui/tool-view.js';
import type { Services } from '../services.js';

export type ToolId = 'log' | 'terminal' | 'script' | 'view' | 'environment';

/** A tab of the tools pane. */
export interface Tool {
  readonly id: ToolId;
  readonly label: string;
  readonly icon: IconName;
  /** Whoever asks for it is taken there at once; what is read leaves the focus with its row until it is there. */
  readonly isTypedInto?: boolean;
  /** Heavy ones come in a chunk of their own. @throws when the chunk cannot be loaded */
  open(services: Services): ToolView<Instance> | Promise<ToolView<Instance>>;
}

/** In the order of the tabs. */
export const TOOLS: readonly Tool[] = [
  {
    id: 'log',
    label: 'Log',
    icon: 'log',
    open: openLog,
  },
  {
    id: 'terminal',
    label: 'Terminal',
    icon: 'terminal',
    isTypedInto: true,
    open: async (services) => {
      const { TerminalTool } = await loadPart(() => import('../../features/terminals/terminal-tool.js'));
      return new TerminalTool(services);
    },
  },
  {
    id: 'script',
    label: 'Script',
    icon: 'script',
    isTypedInto: true,
    open: async (services) => {
      const { ScriptTool } = await loadPart(() => import('../../features/script/script-tool.js'));
      return new ScriptTool({ ...services, api: services.scripts, reconnected: services.resynced });
    },
  },
  {
    id: 'view',
    label: 'View',
    icon: 'view',
    open: async ({ api, instances, notices, system }) => {
      const { ViewPanel } = await loadPart(() => import('../../features/view/view-panel.js'));
      return new ViewPanel({
        appsUrl: () => system.info.value?.apps_url ?? null,
        isThere: (id) => instances.get(id) !== null,
        start: (instance) => {
          const told = api.command(instance.id, 'start').then(() => {
            notices.success(`Starting ${instance.name}.`);
          });
          told.catch((error: unknown) => reportFailure(notices, error));
        },
      });
    },
  },
  {
    id: 'environment',
    label: 'Environment',
    icon: 'box',
    open: async (services) => (await loadPart(() => import('../late-work.js'))).environmentTool(services),
  },
];

async function openLog(services: Services): Promise<ToolView<Instance>> {
  const { LogPanel } = await loadPart(() => import('../../features/logs/log-panel.js'));
  return new LogPanel({
    api: services.api,
    events: services.events,
    onFailure: (error) => reportFailure(services.notices, error),
    canMend: (remedy) => canApply(services, remedy),
    mend: (instance, remedy) => applyRemedy(services, instance, remedy),
  });
}

/** The environment was called `versions` once, and bookmarks still do. */
export function toolNamed(id: string): Tool | null {
  return TOOLS.find((tool) => tool.id === (id === 'versions' ? 'environment' : id)) ?? null;
}
