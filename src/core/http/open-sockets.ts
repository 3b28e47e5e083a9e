import type { Server, Socket } from 'node:net';

/** Every connection of a server, also those on which nothing has been asked or a TLS handshake is under way. */
export class OpenSockets {
  private readonly sockets = new Set<Socket>();

  /** To be called before the server listens. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
