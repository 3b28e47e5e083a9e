/**
 * What one writes by hand in half an hour: node:http with a keep-alive agent, no sign-in, no routes.
 *   node node-proxy.mjs PORT ORIGIN_PORT
 */
import { Agent, createServer, request } from 'node:http';

const [port, originPort] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });

const server = createServer((incoming, outgoing) => {
  const { method, url: path, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port: originPort, method, path, headers, agent });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
});
server.keepAliveTimeout = 75_000;
server.listen(port, '127.0.0.1');
