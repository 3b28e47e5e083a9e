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
    id: 'terminal',
    label: 'Terminal',
    icon: 'terminal',
    open: async (services) => {
      const { TerminalTool } = await import('../../features/terminals/terminal-tool.js');
      return new TerminalTool(services);
    },
  },
];

export function toolNamed(id: string): Tool | null {
  return TOOLS.find((tool) => tool.id === id) ?? null;
}
