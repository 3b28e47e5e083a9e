/**
 * A log for WebSocket viewers by looking at the file's size ten times a second.
 *   node poll-follower.mjs PORT LOG_FILE
 */
import { fstatSync, openSync, readSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { WebSocketServer } from 'ws';

const INTERVAL_MS = 100;

const [port, logFile] = process.argv.slice(2);
const log = openSync(logFile, 'r');
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port), perMessageDeflate: false });
let sentBytes = 0;

setInterval(() => {
  const { size } = fstatSync(log);
  if (size <= sentBytes) return;
  const piece = Buffer.alloc(size - sentBytes);
  readSync(log, piece, 0, piece.length, sentBytes);
  sentBytes = size;
  const message = JSON.stringify({ type: 'log.appended', data: { content: piece.toString('utf8') } });
  for (const viewer of server.clients) viewer.send(message);
}, INTERVAL_MS);
