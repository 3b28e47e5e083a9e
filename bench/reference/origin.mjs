/**
 * The application behind the proxies: 1 KB for every request, 5 GB for `…/large`, and every WebSocket message back.
 *   node origin.mjs PORT [LISTEN_AFTER_MS]
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const BODY = Buffer.alloc(1024, 'x');
const PIECE = Buffer.alloc(1024 * 1024, 'x');
const LARGE_BYTES = 5 * 1024 * PIECE.length;

/** @param {import('node:http').ServerResponse} response */
function sendLarge(response) {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': LARGE_BYTES });
  let left = LARGE_BYTES;
  const go = () => {
    while (left > 0 && !response.destroyed) {
      left -= PIECE.length;
      if (!response.write(PIECE)) return;
    }
    response.end();
  };
  response.on('drain', go);
  go();
}

const server = createServer((request, response) => {
  if (request.url?.endsWith('/large')) {
    sendLarge(response);
    return;
  }
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
