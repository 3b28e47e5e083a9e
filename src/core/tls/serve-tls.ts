import type { Server, ServerOptions } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { refusePlainHttp } from './plain-http-refusal.js';
import type { TlsCertificate } from './tls-certificate.js';

/** An HTTP server, or an HTTPS server when there is a certificate. It does not listen yet. */
export function createWebServer(options: ServerOptions, certificate: TlsCertificate | null): Server {
  if (certificate === null) return createPlainServer(options);
  const server = createTlsServer({ ...options, ...certificate.options });
  serveTls(server, certificate);
  return server;
}

/** Keeps a server with its certificate up to date, and lets it answer those who speak plain HTTP to it. */
export function serveTls(server: HttpsServer, certificate: TlsCertificate): void {
  keepRenewed(server, certificate);
  // Node begins the handshake in this listener; nothing else can see a connection before it does.
  const [begin] = server.listeners('connection');
  if (begin === undefined) throw new TypeError('this server does not speak TLS');
  server.off('connection', begin as (socket: Socket) => void);
  server.on('connection', (socket: Socket) => {
    refusePlainHttp(socket, () => void Reflect.apply(begin, server, [socket]));
  });
  // A handshake that fails is nobody's error but the client's.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
}

/** Only while it listens: servers of ports that are tried again and again must not pile up with the certificate. */
function keepRenewed(server: HttpsServer, certificate: TlsCertificate): void {
  const renew = (): void => server.setSecureContext(certificate.options);
  server.on('listening', () => {
    renew();
    server.once('close', certificate.onRenewed(renew));
  });
}
