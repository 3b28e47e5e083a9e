/** The demo application: a page and its small API on 127.0.0.1:$WEBUI_PORT. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { clearInterval, setInterval } from 'node:timers';
import { acceptWebSocket } from './websocket.mjs';
import { listEnvironment } from './environment.mjs';
import { openPainting, paint } from './gallery.mjs';
import { receiveUpload } from './upload.mjs';

const PAGE_FILES = new Map([
  ['/', ['page.html', 'text/html; charset=utf-8']],
  ['/page.css', ['page.css', 'text/css; charset=utf-8']],
  ['/page.js', ['page.js', 'text/javascript; charset=utf-8']],
]);
const OUTPUTS = '/outputs/';
const TICK_MS = 1000;
const startedAt = Date.now();

const uptimeSeconds = () => Math.round((Date.now() - startedAt) / 1000);

function sendJson(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function sendPageFile(response, [name, type]) {
  const content = await readFile(new URL(name, import.meta.url));
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' });
  response.end(content);
}

function sendHealth(_request, response) {
  sendJson(response, 200, { status: 'ok', uptime_seconds: uptimeSeconds(), pid: process.pid });
}

/** Server-sent events: one tick a second for as long as the reader stays. */
function sendTicks(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  if (request.method === 'HEAD') return response.end();
  let tick = 0;
  const send = () =>
    response.write(`data: ${JSON.stringify({ tick: tick++, uptime_seconds: uptimeSeconds() })}\n\n`);
  send();
  const timer = setInterval(send, TICK_MS);
  return response.on('close', () => clearInterval(timer));
}

async function sendPainting(response, name) {
  const file = await openPainting(name);
  if (!file) return sendJson(response, 404, { message: 'There is no such painting.' });
  response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': file.bytes });
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

const ROUTES = new Map([
  ['GET /health', sendHealth],
  ['GET /env', (_request, response) => sendJson(response, 200, listEnvironment())],
  ['GET /events', sendTicks],
  ['POST /upload', async (request, response) => sendJson(response, 200, await receiveUpload(request))],
  ['POST /paint', async (_request, response) => sendJson(response, 200, await paint())],
]);

async function answer(request, response) {
  const [path = '/'] = (request.url ?? '/').split('?');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = ROUTES.get(`${method} ${path}`);
  if (route) return route(request, response);
  if (method === 'GET' && PAGE_FILES.has(path)) return sendPageFile(response, PAGE_FILES.get(path));
  if (method === 'GET' && path.startsWith(OUTPUTS)) return sendPainting(response, path.slice(OUTPUTS.length));
  return sendJson(response, 404, { message: 'There is nothing here.' });
}

function fail(response, error) {
  console.error(error instanceof Error ? error.message : error);
  if (response.headersSent) response.destroy();
  else sendJson(response, 500, { message: 'That did not work; the log says why.' });
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => fail(response, error));
});
// An upload may take as long as it takes; Node would cut it after five minutes.
server.requestTimeout = 0;
server.on('upgrade', (request, socket, head) => {
  const isEcho = request.url?.split('?')[0] === '/ws';
  if (isEcho) acceptWebSocket(request, socket, head, (message, connection) => connection.send(message));
  else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});
server.on('error', (error) => {
  console.error(`The page cannot be served: ${error.message}`);
  process.exit(1);
});

// Nothing is lost by ending at once: paintings appear under their name only when they are whole.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

const port = Number(process.env.WEBUI_PORT);
server.listen(port, '127.0.0.1', () => console.log(`Ready on http://127.0.0.1:${port}/`));
