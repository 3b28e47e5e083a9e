import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** Sends bytes as they are and reads the answer until the other side closes, for what no HTTP client would send. */
export function sendBytes(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    // A server that has said no closes while the body is still on its way.
    socket.on('error', (error) => (text === '' ? reject(error) : undefined));
    socket.on('close', () => resolve(parse(text)));
    socket.write(bytes);
  });
}

/** A request in full, written by hand; it asks for the connection to be closed after the answer. */
export function sendRequest(
  port: number,
  requestLine: string,
  headers: readonly string[] = [],
  body = '',
): Promise<RawAnswer> {
  const hasHost = headers.some((header) => /^host:/i.test(header));
  const lines = [
    `${requestLine} HTTP/1.1`,
    ...(hasHost ? [] : [`Host: 127.0.0.1:${port}`]),
    'Connection: close',
    ...headers,
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return sendBytes(port, `${lines.join('\r\n')}\r\n\r\n${body}`);
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}
