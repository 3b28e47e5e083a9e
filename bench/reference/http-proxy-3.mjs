/**
 * The package http-proxy-3 with a keep-alive agent, and nothing else.
 *   node http-proxy-3.mjs PORT ORIGIN_PORT
 */
import { Agent, createServer } from 'node:http';
import { createProxyServer } from 'http-proxy-3';

const [port, originPort] = process.argv.slice(2).map(Number);
const proxy = createProxyServer({
  target: { host: '127.0.0.1', port: originPort },
  agent: new Agent({ keepAlive: true }),
});
proxy.on('error', () => undefined);
const server = createServer((incoming, outgoing) => proxy.web(incoming, outgoing));
server.on('upgrade', (incoming, socket, head) => proxy.ws(incoming, socket, head));
server.keepAliveTimeout = 75_000;
server.listen(port, '127.0.0.1');
