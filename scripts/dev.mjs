// Watch mode: rebuilds the server and the dashboard on every change and restarts the server. Running instances survive
// each restart, as they survive any.
//   dev.mjs [--build-only]     the latter bundles the server instead, for the container whose supervision restarts it
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';

const SETTLE_MS = 300;
const isBuildOnly = process.argv.includes('--build-only');
const children = new Set();

function run(command, args, env = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

run('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']);
run('node', ['scripts/build-frontend.mjs', '--watch']);
run('node', ['scripts/build-desktop.mjs', '--watch']);

let server = null;
let timer = null;

function bundleServer() {
  run('node', ['scripts/build-server.mjs']);
}

function startServer() {
  server = run('node', ['--enable-source-maps', 'dist/server/main.js'], { AIKORE_KEEP_INSTANCES: '1' });
}

function restartServer() {
  if (server === null || server.exitCode !== null || server.signalCode !== null) {
    startServer();
    return;
  }
  server.once('exit', startServer);
  server.kill('SIGTERM');
}

watch('dist/server', { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(isBuildOnly ? bundleServer : restartServer, SETTLE_MS);
});
if (!isBuildOnly) startServer();

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(0);
  });
}
