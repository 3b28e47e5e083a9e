/**
 * The application behind the proxies: 1 KB for every request, and every WebSocket message back.
 *   node origin.mjs PORT [LISTEN_AFTER_MS]
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const BODY = Buffer.alloc(1024, 'x');

const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': BODY.length });
  response.end(BODY);
});
server.keepAliveTimeout = 75_000;
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});
const [port, listenAfterMs = 0] = process.argv.slice(2).map(Number);
setTimeout(() => server.listen(port, '127.0.0.1'), listenAfterMs);
