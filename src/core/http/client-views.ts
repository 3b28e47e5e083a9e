import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Networks } from '../net/networks.js';
import type { ClientView } from './client-view.js';
import { clientViewOf } from './client-view.js';
import { peerOf } from './peer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking: the only place to read an address, a scheme or a host from. */
    readonly client: ClientView;
  }
}

/** Answers for every request that Node has parsed who is asking. */
export class ClientViews {
  readonly #trusted: Networks;
  readonly #known = new WeakMap<IncomingMessage, ClientView>();

  /** @param trustedProxies addresses and networks whose `X-Forwarded-*` headers are believed */
  constructor(trustedProxies: readonly string[]) {
    this.#trusted = new Networks(trustedProxies);
  }

  /** Gives every request of a server its `client`. */
  decorate(fastify: FastifyInstance): void {
    const of = (message: IncomingMessage): ClientView => this.of(message);
    fastify.decorateRequest('client', {
      getter() {
        return of(this.raw);
      },
    });
  }

  of(message: IncomingMessage): ClientView {
    const known = this.#known.get(message);
    if (known !== undefined) return known;
    // Once the connection is gone its address is, too: what was found out at first stays.
    const view = clientViewOf(peerOf(message), message.headers, this.#trusted);
    this.#known.set(message, view);
    return view;
  }
}
