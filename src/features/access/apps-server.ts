import type { AccessCaller } from './access.ports.js';
import type { AppsHandlerOptions } from './apps-handler.js';
import { AppsHandler } from './apps-handler.js';
import { AppsListener } from './apps-listener.js';

export type AppsServerOptions<Caller extends AccessCaller> = AppsHandlerOptions<Caller>;

/** The embedded engine: one handler behind the applications' port and any number of published ports. */
export class AppsServer<Caller extends AccessCaller> {
  /** What other doors, such as the dashboard's port, hand requests to. */
  readonly handler: AppsHandler<Caller>;
  private readonly listeners = new Set<AppsListener<Caller>>();

  constructor(options: AppsServerOptions<Caller>) {
    this.handler = new AppsHandler(options);
  }

  /**
   * Opens the applications' port. `port` 0 takes any free one.
   * @returns the port that is bound.
   * @throws the system's error (`EADDRINUSE`, `EACCES`…).
   */
  async listen(host: string, port: number): Promise<number> {
    const listener = new AppsListener(this.handler, { kind: 'shared' });
    const bound = await listener.listen(host, port);
    this.listeners.add(listener);
    return bound;
  }

  /**
   * Opens a port that is one instance's alone.
   * @returns what closes it again, with every connection.
   * @throws the system's error (`EADDRINUSE`, `EACCES`…).
   */
  async openPort(host: string, port: number): Promise<{ close(): Promise<void> }> {
    const listener = new AppsListener(this.handler, { kind: 'port', port });
    await listener.listen(host, port);
    this.listeners.add(listener);
    return {
      close: async () => {
        this.listeners.delete(listener);
        await listener.close();
      },
    };
  }

  /** Stops listening and ends every connection, WebSockets and downloads included. */
  async close(): Promise<void> {
    await Promise.all([...this.listeners].map((listener) => listener.close()));
    this.handler.close();
  }
}
