import { request } from 'node:http';
import { connect } from 'node:net';

/** What a probe found: an answer that counts, nobody listening, or somebody listening who does not answer well. */
export type ProbeOutcome = 'ready' | 'absent' | 'unhealthy';

/** How long an application may take for its whole answer, up to the end of its headers. */
const TIMEOUT_MS = 3000;
/** Some applications answer with headers far beyond Node's own 16 KiB; what is longer is no healthy answer. */
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * Asks for a path on loopback; any status below 500 counts, for an application may well want a login. The body is not
 * read. Settles within three seconds whatever comes: a timeout of the socket alone would begin anew with every byte.
 */
export function probeHttp(port: number, path: string): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const probe = request({
      host: '127.0.0.1',
      port,
      path,
      method: 'GET',
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { 'user-agent': 'AiKore-probe', accept: '*/*' },
    });
    const done = (outcome: ProbeOutcome): void => {
      clearTimeout(deadline);
      resolve(outcome);
      probe.destroy();
    };
    const deadline = setTimeout(() => done('unhealthy'), TIMEOUT_MS);
    probe.on('response', (response) => done((response.statusCode ?? 500) < 500 ? 'ready' : 'unhealthy'));
    probe.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? 'absent' : 'unhealthy'),
    );
    // An unasked change of protocol ends in neither an answer nor an error.
    probe.on('close', () => done('unhealthy'));
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
