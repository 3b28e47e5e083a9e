/**
 * Bytes from one socket to another and back: the least that a proxy in Node can do.
 *   node tcp-pipe.mjs PORT ORIGIN_PORT
 */
import { connect, createServer } from 'node:net';

const [port, originPort] = process.argv.slice(2).map(Number);

createServer((client) => {
  const origin = connect({ host: '127.0.0.1', port: originPort, noDelay: true });
  client.setNoDelay(true);
  client.pipe(origin);
  origin.pipe(client);
  client.on('error', () => origin.destroy());
  origin.on('error', () => client.destroy());
}).listen(port, '127.0.0.1');
