/**
 * node:http alone: `/hello` answers a small object, `/list` turns the list of the file into JSON for every request.
 *   node bare-http.mjs PORT [LIST_FILE]
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, listFile] = process.argv.slice(2);
const list = listFile === undefined ? [] : JSON.parse(readFileSync(listFile, 'utf8'));

const server = createServer((request, response) => {
  const body = Buffer.from(JSON.stringify(request.url === '/list' ? list : { hello: 'world' }));
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
  });
  response.end(body);
});
server.keepAliveTimeout = 75_000;
server.listen(Number(port), '127.0.0.1');
