/**
 * A click that starts a script, with nothing around it: no database, no sign-in, no supervision.
 *   node spawn-server.mjs PORT SCRIPT LOG_FILE
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, script, logFile] = process.argv.slice(2);

const server = createServer((request, response) => {
  request.resume();
  const log = openSync(logFile, 'w');
  const child = spawn('bash', [script], { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  response.writeHead(202, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ pid: child.pid }));
});
server.listen(Number(port), '127.0.0.1');
