import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { pidOf, start, stop } from '../lib/processes.mjs';
import { until } from '../lib/wait.mjs';

/**
 * An open terminal. `onData` gets every piece of output and is to call `done` when it has worked it up.
 * @typedef {(bytes: Buffer, done: () => void) => void} OnData
 * @typedef {{ type: (text: string) => void, onData: OnData, close: () => void,
 *   whenClosed: Promise<void>, id: () => string }} Terminal
 * @typedef {{ name: string, pid: number, open: (onData: OnData, session?: string) => Promise<Terminal>, close: () => Promise<void> }} TerminalSubject
 */

/** The name of the side that has them. */
export const VSCODE = 'VS Code’s constants';

/** VS Code acknowledges so many characters at a time. */
const ACK_PIECE = 5000;

/** A shell that is the same everywhere. @param {string} folder */
function shellIn(folder) {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'shell');
  writeFileSync(join(folder, '.bashrc'), "PS1='prompt> '\nunset PROMPT_COMMAND\n");
  writeFileSync(script, `#!/bin/bash\nexec bash --rcfile ${join(folder, '.bashrc')} -i\n`);
  chmodSync(script, 0o755);
  return script;
}

/**
 * Output may come before the one who opens knows of it.
 * @param {OnData} onData
 * @returns {{ terminal: Terminal, closed: () => void }}
 */
function blankTerminal(onData) {
  let closed = () => {};
  const whenClosed = /** @type {Promise<void>} */ (new Promise((resolve) => (closed = () => resolve())));
  const terminal = {
    type: () => {},
    onData,
    close: () => {},
    whenClosed,
    id: () => '',
  };
  return { terminal, closed };
}

/**
 * @param {string} folder
 * @returns {Promise<TerminalSubject & { aikore: Aikore, instance: import('../lib/aikore.mjs').Instance }>}
 */
export async function aikoreTerminals(folder) {
  shellIn(folder);
  const home = process.env['HOME'];
  process.env['HOME'] = folder;
  const aikore = await Aikore.start(join(folder, 'data'));
  process.env['HOME'] = home;
  const instance = await aikore.create('terminals', 'bench-idle');
  const url = `${aikore.dashboardUrl.replace('http', 'ws')}api/instances/${instance.id}/terminal`;
  return {
    name: 'AiKore',
    pid: aikore.pid,
    aikore,
    instance,
    open: async (onData, session = '') => {
      const socket = new WebSocket(`${url}?cols=80&rows=24&session=${session}`, {
        headers: aikore.bearer,
        perMessageDeflate: false,
      });
      const { terminal, closed } = blankTerminal(onData);
      let bytes = 0;
      let id = '';
      socket.on('message', (/** @type {Buffer} */ data, isBinary) => {
        if (!isBinary) {
          const message = JSON.parse(data.toString());
          if (message.type === 'session') id = message.id;
          return;
        }
        terminal.onData(data, () => {
          bytes += data.length;
          if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: 'ack', bytes }));
        });
      });
      socket.on('close', closed);
      terminal.type = (text) => socket.send(Buffer.from(text));
      terminal.close = () => socket.close();
      terminal.id = () => id;
      await once(socket, 'open');
      return terminal;
    },
    close: () => aikore.stop(),
  };
}

/** @param {string} folder @returns {Promise<TerminalSubject>} */
export async function windowTerminals(folder) {
  const child = start({
    cpu: SUBJECT_CPU,
    command: process.execPath,
    args: [join(REFERENCE, 'window-terminal.mjs'), shellIn(folder)],
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('The reference has no output.');
  const [port] = await once(child.stdout, 'data');
  return {
    name: VSCODE,
    pid: pidOf(child),
    open: async (onData) => {
      const socket = new WebSocket(`ws://127.0.0.1:${Number(port)}`, { perMessageDeflate: false });
      const { terminal, closed } = blankTerminal(onData);
      let unacknowledged = 0;
      socket.on('message', (/** @type {Buffer} */ data) =>
        terminal.onData(data, () => {
          unacknowledged += data.length;
          const due = unacknowledged - (unacknowledged % ACK_PIECE);
          unacknowledged -= due;
          if (due > 0 && socket.readyState === socket.OPEN) socket.send(String(due));
        }),
      );
      socket.on('close', closed);
      terminal.type = (text) => socket.send(Buffer.from(text));
      terminal.close = () => socket.close();
      await once(socket, 'open');
      return terminal;
    },
    close: () => stop(child),
  };
}

/**
 * @param {string} packageFolder of wetty
 * @param {string} folder
 * @returns {Promise<TerminalSubject>}
 */
export async function wettyTerminals(packageFolder, folder) {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const main = join(packageFolder, 'build', 'main.js');
  const args = [
    main,
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    '--command',
    shellIn(folder),
    '--log-level',
    'error',
  ];
  const child = start({ cpu: SUBJECT_CPU, command: process.execPath, args, stdio: 'ignore' });
  // wetty's own client library; it has no types here.
  const { io } = createRequire(join(packageFolder, 'package.json'))('socket.io-client');
  const connect = async () => {
    const socket = io(`http://127.0.0.1:${port}`, {
      path: '/socket.io',
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const isOpen = await Promise.race([
      new Promise((resolve) => socket.once('connect', () => resolve(true))),
      new Promise((resolve) => socket.once('connect_error', () => resolve(false))),
    ]);
    return isOpen ? socket : null;
  };
  await until('wetty serves', async () => {
    const socket = await connect();
    socket?.close();
    return socket !== null;
  });
  return {
    name: 'wetty',
    pid: pidOf(child),
    open: async (onData) => {
      const socket = await connect();
      if (socket === null) throw new Error('wetty does not answer.');
      const { terminal, closed } = blankTerminal(onData);
      let uncommitted = 0;
      socket.on('data', (/** @type {string} */ text) => {
        const bytes = Buffer.from(text);
        terminal.onData(bytes, () => {
          uncommitted += text.length;
          if (uncommitted < 65_536) return;
          socket.emit('commit', uncommitted);
          uncommitted = 0;
        });
      });
      socket.on('logout', closed);
      socket.on('disconnect', closed);
      terminal.type = (text) => socket.emit('input', text);
      terminal.close = () => socket.close();
      return terminal;
    },
    close: () => stop(child),
  };
}
