/**
 * The usual way to keep a child's output: a pipe into Node, from there into a file.
 *   node pipe-logger.mjs SCRIPT LOG_FILE
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const [script, logFile] = process.argv.slice(2);
const child = spawn('bash', [script], { stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.pipe(createWriteStream(logFile));
process.on('SIGTERM', () => {
  child.kill('SIGKILL');
  process.exit(0);
});
