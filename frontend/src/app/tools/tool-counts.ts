import type { Instance } from '../../../../src/contracts/instance.js';
import type { Tool, ToolId } from './tool-catalogue.js';

export interface CountsHost {
  ask(tool: Tool, instance: Instance): Promise<number>;
  say(id: ToolId, count: number): void;
}

/** How many things of each tool go on for the instance that is shown: asked for once, and then told by the tool. */
export class ToolCounts {
  private instanceId: number | null = null;
  /** Tools that said it themselves: an answer that is still on its way is older. */
  private readonly said = new Set<ToolId>();

  constructor(
    private readonly tools: readonly Tool[],
    private readonly host: CountsHost,
  ) {}

  follow(instance: Instance): void {
    this.instanceId = instance.id;
    this.said.clear();
    for (const tool of this.tools) if (tool.count) void this.ask(tool, instance);
  }

  told(id: ToolId, count: number): void {
    this.said.add(id);
    this.host.say(id, count);
  }

  private async ask(tool: Tool, instance: Instance): Promise<void> {
    this.host.say(tool.id, 0);
    try {
      const count = await this.host.ask(tool, instance);
      if (this.instanceId === instance.id && !this.said.has(tool.id)) this.host.say(tool.id, count);
    } catch {
      // A tab without its number is none the worse; the tool itself says what is wrong.
    }
  }
}
