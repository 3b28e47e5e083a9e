/**
 * An event listener of supervisord: writes `<program> <milliseconds>` into a file for each process that ended.
 *   supervisord-listener.mjs FILE
 * Its protocol is a header line of `key:value` words with the payload's length, answered by `RESULT 2\nOK` and `READY`
 * (supervisord.org/events.html).
 */
import { appendFileSync } from 'node:fs';

const file = process.argv[2] ?? '';
let received = '';

process.stdin.setEncoding('utf8').on('data', (text) => {
  received += text;
  const line = received.indexOf('\n');
  if (line < 0) return;
  const length = Number(/len:(\d+)/.exec(received.slice(0, line))?.[1]);
  if (received.length < line + 1 + length) return;
  const payload = received.slice(line + 1, line + 1 + length);
  received = received.slice(line + 1 + length);
  const program = /processname:(\S+)/.exec(payload)?.[1] ?? '';
  appendFileSync(file, `${program} ${performance.timeOrigin + performance.now()}\n`);
  process.stdout.write('RESULT 2\nOKREADY\n');
});
process.stdout.write('READY\n');
