import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** What the connection itself tells of whoever asks. */
export interface Peer {
  address: string;
  isTls: boolean;
}

const standIns = new WeakMap<IncomingMessage, Peer>();

/** For a request that a front of AiKore's own passes on: whose connection the front has. */
export function setPeer(request: IncomingMessage, peer: Peer): void {
  standIns.set(request, peer);
}

/** The other side of the connection on which a request came to AiKore, or to the front before it. */
export function peerOf(request: IncomingMessage): Peer {
  return (
    standIns.get(request) ?? {
      address: request.socket.remoteAddress ?? '',
      isTls: request.socket instanceof TLSSocket,
    }
  );
}
