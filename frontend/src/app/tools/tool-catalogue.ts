import type { Instance } from '../../../../src/contracts/instance.js';
import { LogPanel } from '../../features/logs/log-panel.js';
import { reportFailure } from '../../state/report-error.js';
import type { IconName } from '../../ui/icon.js';
import type { ToolView } from '../../ui/tool-view.js';
import type { Services } from '../services.js';

export type ToolId = 'log' | 'terminal' | 'script' | 'view' | 'versions';

/** A tab of the tools pane. */
export interface Tool {
  readonly id: ToolId;
  readonly label: string;
  readonly icon: IconName;
  /** Heavy ones come in a chunk of their own. @throws when the chunk cannot be loaded */
  open(services: Services): ToolView<Instance> | Promise<ToolView<Instance>>;
}

/** In the order of the tabs. */
export const TOOLS: readonly Tool[] = [
  {
    id: 'log',
    label: 'Log',
    icon: 'log',
    open: ({ api, events, notices }) => new LogPanel(api, events, (error) => reportFailure(notices, error)),
  },
  {
    id: 'script',
    label: 'Script',
    icon: 'script',
    open: async (services) => {
      const { ScriptTool } = await import('../../features/script/script-tool.js');
      return new ScriptTool({ ...services, api: services.scripts, reconnected: services.resynced });
    },
  },
  {
    id: 'versions',
    label: 'Versions',
    icon: 'box',
    open: async ({ notices, scripts, versionChecks, wishes }) => {
      const { VersionsTool } = await import('../../features/versions/versions-tool.js');
      return new VersionsTool({
        notices,
        checks: versionChecks,
        check: (id, signal) => scripts.checkVersions(id, signal),
        rebuild: (instance) => wishes.fire({ actionId: 'instance.rebuild', instance }),
      });
    },
  },
];

export function toolNamed(id: string): Tool | null {
  return TOOLS.find((tool) => tool.id === id) ?? null;
}
