import { messageOf, systemCodeOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import { describeHolder, findPortHolder } from '../../host/ports/port-holder.js';
import type { DesktopSource } from './desktops.ports.js';
import { planListeners } from './domain/listener-plan.js';

/** What is served at one port. */
export interface DesktopListener {
  listen(host: string, port: number): Promise<void>;
  close(): Promise<void>;
}

export interface DesktopListenersOptions {
  host: string;
  desktops: Pick<DesktopSource, 'all'>;
  createListener: (instanceId: number) => DesktopListener;
  /** Something else has to be said of an instance now. */
  changed: (instanceId: number) => void;
  logger: Logger;
  /** How soon a port that could not be had is tried again. */
  retryMs?: number;
}

interface Address {
  port: number;
  listener: DesktopListener;
}

const RETRY_MS = 2_000;

/**
 * Keeps the desktops' addresses as the settings want them: what should be listened on is compared with what is, and the
 * difference is repaired. A port that somebody else has is tried again until it is free, and the instance says so.
 */
export class DesktopListeners {
  private readonly served = new Map<number, Address>();
  private readonly troubles = new Map<number, string>();
  private turn: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | null = null;
  private isOpen = false;

  constructor(private readonly options: DesktopListenersOptions) {}

  /** Opens the addresses; before that nothing is listened on. */
  open(): Promise<void> {
    this.isOpen = true;
    return this.reconcile();
  }

  /** Compares and repairs; several calls are worked off one after the other. */
  reconcile(): Promise<void> {
    this.turn = this.turn
      .then(() => this.repair())
      .catch((error: unknown) => {
        this.options.logger.error('the addresses of desktops could not be put right', { error });
      });
    return this.turn;
  }

  /** What there is to say of an instance's address, in sentences. */
  warningsOf(instanceId: number): string[] {
    const trouble = this.troubles.get(instanceId);
    return trouble === undefined ? [] : [trouble];
  }

  /** Gives every address back. */
  async close(): Promise<void> {
    this.isOpen = false;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.turn;
    await Promise.all([...this.served.keys()].map((id) => this.shut(id)));
  }

  private async repair(): Promise<void> {
    if (!this.isOpen) return;
    const wanted = new Map(this.options.desktops.all().map(({ instanceId, port }) => [instanceId, port]));
    const present = new Map([...this.served].map(([id, { port }]) => [id, port]));
    const plan = planListeners(wanted, present);
    await Promise.all(plan.close.map((id) => this.shut(id)));
    for (const id of [...this.troubles.keys()]) if (!wanted.has(id)) this.tell(id, null);
    const isServed = await Promise.all(plan.open.map(({ instanceId, port }) => this.serve(instanceId, port)));
    if (isServed.includes(false)) this.tryAgainLater();
  }

  private async serve(instanceId: number, port: number): Promise<boolean> {
    const { host, createListener, logger } = this.options;
    const listener = createListener(instanceId);
    try {
      await listener.listen(host, port);
    } catch (error) {
      this.tell(instanceId, await troubleOf(port, error));
      logger.debug('the address of a desktop cannot be had', { port, error: messageOf(error) });
      return false;
    }
    this.served.set(instanceId, { port, listener });
    this.tell(instanceId, null);
    return true;
  }

  private async shut(instanceId: number): Promise<void> {
    const address = this.served.get(instanceId);
    this.served.delete(instanceId);
    await address?.listener.close();
  }

  private tell(instanceId: number, trouble: string | null): void {
    if ((this.troubles.get(instanceId) ?? null) === trouble) return;
    if (trouble === null) this.troubles.delete(instanceId);
    else this.troubles.set(instanceId, trouble);
    this.options.changed(instanceId);
  }

  private tryAgainLater(): void {
    if (this.retry !== null || !this.isOpen) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.reconcile();
    }, this.options.retryMs ?? RETRY_MS);
    this.retry.unref();
  }
}

async function troubleOf(port: number, error: unknown): Promise<string> {
  const code = systemCodeOf(error);
  if (code !== 'EADDRINUSE') {
    const why = code === 'EACCES' ? 'the system does not allow it' : messageOf(error);
    return `Its desktop cannot be reached: AiKore cannot listen on port ${port} (${why}).`;
  }
  const holder = await findPortHolder(port).catch(() => null);
  const who = holder === null ? 'another process' : describeHolder(holder);
  return `Its desktop cannot be reached: port ${port} is taken by ${who}. AiKore takes it as soon as it is free.`;
}
