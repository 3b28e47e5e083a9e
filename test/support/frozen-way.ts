import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A way to a port of this machine that can stop carrying anything without closing: a laptop that sleeps, a cable that is out. */
export class FrozenWay {
  private readonly sockets = new Set<Socket>();
  private isFrozen = false;

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
  ) {
    server.on('connection', (near) => this.carry(near));
  }

  static async to(targetPort: number): Promise<FrozenWay> {
    const server = createServer({ pauseOnConnect: true });
    const way = new FrozenWay(server, targetPort);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing arrives, on what is open and on what is opened, and no end of either is told of. */
  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** What is opened from now on is carried again; what was open before is never heard of again. */
  thaw(): void {
    this.isFrozen = false;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private carry(near: Socket): void {
    this.keep(near);
    if (this.isFrozen) return;
    const far = connect(this.targetPort, '127.0.0.1');
    this.keep(far);
    near.pipe(far).pipe(near);
    near.once('close', () => this.isFrozen || far.destroy());
    far.once('close', () => this.isFrozen || near.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }
}
