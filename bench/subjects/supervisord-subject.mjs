import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { ask } from '../lib/http-client.mjs';
import { pidOf, start, stop } from '../lib/processes.mjs';
import { freePort, until, untilListening } from '../lib/wait.mjs';
import { idleNames, scripts } from './subject.mjs';

/**
 * @param {string} program path of supervisord
 * @param {import('./subject.mjs').Wish} wish
 * @returns {Promise<import('./subject.mjs').Subject>}
 */
export async function supervisordSubject(program, wish) {
  const { folder } = wish;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const events = join(folder, 'events');
  writeFileSync(events, '');
  const configuration = join(folder, 'supervisord.conf');
  writeFileSync(configuration, configurationOf(wish, port, events));
  const manager = start({ cpu: SUBJECT_CPU, command: program, args: ['-c', configuration, '-n'] });
  await untilListening(port);
  const call = (/** @type {string} */ method, /** @type {string[]} */ ...params) => rpc(port, method, params);
  const infoOf = async (/** @type {string} */ name) =>
    Number(/<name>pid<\/name>\s*<value><int>(\d+)/.exec(await call('getProcessInfo', string(name)))?.[1]);
  let toldCount = 0;
  return {
    name: 'supervisord',
    pids: () => [pidOf(manager)],
    start: async (name) => void (await call('startProcess', string(name), '<boolean>0</boolean>')),
    stop: async (name) => void (await call('stopProcess', string(name), '<boolean>1</boolean>')),
    pidOf: async (name) => {
      await until(`${name} runs`, async () => (await infoOf(name)) > 0);
      return infoOf(name);
    },
    untilToldEnd: async () => {
      const lines = () => readFileSync(events, 'utf8').split('\n').slice(0, -1);
      await until('supervisord tells the end', () => lines().length > toldCount, { everyMs: 1 });
      toldCount = lines().length;
      return Number(lines().at(-1)?.split(' ')[1]);
    },
    printLog: join(folder, 'print.log'),
    close: () => stop(manager),
  };
}

/**
 * @param {import('./subject.mjs').Wish} wish
 * @param {number} port
 * @param {string} events
 */
function configurationOf({ folder, idleCount, stamps, floodBytes }, port, events) {
  const programs = [
    ...idleNames(idleCount).map((name) => programOf(name, scripts.idle, folder)),
    programOf('stamp', scripts.stamp, folder, `environment=STAMPS="${stamps}"\nautorestart=true`),
    programOf('print', scripts.print, folder, `environment=FLOOD_BYTES="${floodBytes}"`),
  ];
  return `[supervisord]
logfile=${join(folder, 'supervisord.log')}
pidfile=${join(folder, 'supervisord.pid')}
childlogdir=${folder}
[inet_http_server]
port=127.0.0.1:${port}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[eventlistener:told]
command=${process.execPath} ${join(import.meta.dirname, 'supervisord-listener.mjs')} ${events}
events=PROCESS_STATE_EXITED
${programs.join('\n')}
`;
}

/**
 * @param {string} name
 * @param {string} script
 * @param {string} folder
 */
function programOf(name, script, folder, more = 'autorestart=false') {
  return `[program:${name}]
command=bash ${script}
autostart=false
startsecs=0
stopsignal=KILL
redirect_stderr=true
stdout_logfile=${join(folder, `${name}.log`)}
stdout_logfile_maxbytes=0
${more}
`;
}

/** @param {string} value */
const string = (value) => `<string>${value}</string>`;

/**
 * @param {number} port
 * @param {string} method
 * @param {string[]} values
 */
async function rpc(port, method, values) {
  const params = values.map((value) => `<param><value>${value}</value></param>`).join('');
  const body = `<?xml version="1.0"?><methodCall><methodName>supervisor.${method}</methodName><params>${params}</params></methodCall>`;
  const headers = { 'Content-Type': 'text/xml' };
  const answer = await ask(`http://127.0.0.1:${port}/RPC2`, { method: 'POST', headers, body });
  if (answer.status !== 200 || answer.body.includes('<fault>')) throw new Error(`${method}: ${answer.body}`);
  return answer.body;
}
