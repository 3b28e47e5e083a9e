import { request } from 'node:http';
import { connect } from 'node:net';

/** What a probe found: an answer that counts, nobody listening, or somebody listening who does not answer well. */
export type ProbeOutcome = 'ready' | 'absent' | 'unhealthy';

/** How long an application may take for its answer. */
const TIMEOUT_MS = 3000;

/**
 * Asks for a path on loopback; any status below 500 counts, for an application may well want a login. The body is not
 * read.
 */
export function probeHttp(port: number, path: string): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const probe = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'GET',
        agent: false,
        timeout: TIMEOUT_MS,
        headers: { 'user-agent': 'AiKore-probe', accept: '*/*' },
      },
      (response) => {
        resolve((response.statusCode ?? 500) < 500 ? 'ready' : 'unhealthy');
        response.destroy();
      },
    );
    probe.on('timeout', () => probe.destroy());
    probe.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'absent' : 'unhealthy'),
    );
    probe.end();
  });
}

/** Whether something accepts connections on loopback. */
export function probeTcp(port: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: TIMEOUT_MS });
    const done = (outcome: ProbeOutcome): void => {
      resolve(outcome);
      socket.destroy();
    };
    socket.once('connect', () => done('ready'));
    socket.once('timeout', () => done('unhealthy'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? 'absent' : 'unhealthy'),
    );
  });
}
