import type { Logger } from '../../core/logging.js';
import type { InstancePaths, InstanceRegistry } from '../instances/instances.api.js';
import type { LogReader } from './log-reader.js';
import { LogStream } from './log-stream.js';
import type { LogViewer } from './log-seat.js';

/** The streams that somebody looks at. */
export class LogTopic {
  private readonly streams = new Map<number, LogStream>();

  constructor(
    private readonly registry: InstanceRegistry,
    private readonly paths: InstancePaths,
    private readonly reader: LogReader,
    private readonly logger: Logger,
  ) {}

  /**
   * Follows an instance's log from `offset` on (see contracts/events.ts).
   * @returns ends it
   * @throws AppError `not_found`
   */
  async follow(id: number, offset: number | undefined, viewer: LogViewer): Promise<() => void> {
    const supervisor = this.registry.get(id);
    const stream = this.streams.get(id) ?? new LogStream(supervisor, this.paths, this.reader, this.logger);
    this.streams.set(id, stream);
    try {
      const remove = await stream.add(viewer, offset);
      return () => {
        remove();
        this.closeUnseen(id, stream);
      };
    } catch (error) {
      this.closeUnseen(id, stream);
      throw error;
    }
  }

  private closeUnseen(id: number, stream: LogStream): void {
    if (stream.viewerCount > 0 || this.streams.get(id) !== stream) return;
    this.streams.delete(id);
    stream.close();
  }
}
