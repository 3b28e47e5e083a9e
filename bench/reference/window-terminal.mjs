/**
 * A terminal server with the constants of Visual Studio Code: output stops when 100,000 characters are not
 * acknowledged and goes on below 5,000; it is gathered for 5 ms. What it shows is the price of these numbers.
 *   node window-terminal.mjs COMMAND → prints its port
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

const HIGH = 100_000;
const LOW = 5000;
const GATHER_MS = 5;

const [command = 'bash'] = process.argv.slice(2);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => process.stdout.write(`${server.address().port}\n`));

server.on('connection', (socket) => {
  const pipe = join(import.meta.dirname, 'pty-pipe.py');
  const child = spawn('python3', [pipe, command], { stdio: ['pipe', 'pipe', 'ignore'] });
  let unacknowledged = 0;
  let pending = [];
  let timer = null;
  const flush = () => {
    timer = null;
    if (pending.length > 0) socket.send(Buffer.concat(pending));
    pending = [];
  };
  child.stdout.on('data', (bytes) => {
    unacknowledged += bytes.length;
    pending.push(bytes);
    timer ??= setTimeout(flush, GATHER_MS);
    if (unacknowledged > HIGH) child.stdout.pause();
  });
  child.stdin.on('error', () => undefined);
  child.once('close', () => {
    flush();
    socket.close();
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      child.stdin.write(data);
      return;
    }
    unacknowledged -= Number(data);
    if (unacknowledged < LOW) child.stdout.resume();
  });
  socket.on('close', () => child.kill());
});
