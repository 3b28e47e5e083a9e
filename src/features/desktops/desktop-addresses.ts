import { PortListeners } from '../../host/ports/port-listeners.js';
import type { Desktop, DesktopSource } from './desktops.ports.js';

/** What is served at one port. */
export interface AddressServer {
  /** @throws the system's error (`EADDRINUSE`, `EACCES`…) */
  listen(host: string): Promise<void>;
  close(): Promise<void>;
}

export interface DesktopAddressesOptions {
  host: string;
  desktops: Pick<DesktopSource, 'all'>;
  createServer: (port: number) => AddressServer;
  /** Something else has to be said of an instance now. */
  changed: (instanceId: number) => void;
}

/** Keeps the desktops' addresses as the settings want them, and says of whom one cannot be had. */
export class DesktopAddresses {
  private readonly listeners: PortListeners;
  private said = new Map<number, string>();
  private isOpen = false;
  /** What the listeners were told last, as text. */
  private wanted = '';

  constructor(private readonly options: DesktopAddressesOptions) {
    this.listeners = new PortListeners({
      wanted: () => options.desktops.all().map(({ port }) => port),
      open: async (port) => {
        const server = options.createServer(port);
        await server.listen(options.host);
        return server;
      },
      onProblems: () => this.tell(),
    });
  }

  /** From now on they are listened on. */
  open(): Promise<void> {
    this.isOpen = true;
    return this.reconcile();
  }

  /** The settings may want others now; where they do not, nothing is tried. Never rejects. */
  async reconcile(): Promise<void> {
    const wanted = this.options.desktops.all().map(({ instanceId, port }) => `${instanceId}:${port}`);
    if (!this.isOpen || wanted.join() === this.wanted) return;
    this.wanted = wanted.join();
    await this.listeners.reconcile();
    this.tell();
  }

  /** What there is to say of an instance's address, in sentences. */
  warningsOf(instanceId: number): string[] {
    const sentence = this.said.get(instanceId);
    return sentence === undefined ? [] : [sentence];
  }

  /** Gives every address back, for good. */
  close(): Promise<void> {
    this.isOpen = false;
    return this.listeners.close();
  }

  private tell(): void {
    if (!this.isOpen) return;
    const before = this.said;
    this.said = new Map(this.options.desktops.all().flatMap((desktop) => this.problemOf(desktop)));
    for (const id of new Set([...before.keys(), ...this.said.keys()])) {
      if (before.get(id) !== this.said.get(id)) this.options.changed(id);
    }
  }

  private problemOf({ instanceId, port }: Desktop): [number, string][] {
    const problem = this.listeners.problems.get(port);
    return problem === undefined ? [] : [[instanceId, `Its desktop cannot be reached. ${problem}`]];
  }
}
