import { cpSync, mkdirSync, openSync, closeSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECT_CPU } from './affinity.mjs';
import { Events } from './events.mjs';
import { ask } from './http-client.mjs';
import { BLUEPRINTS, SERVER } from './places.mjs';
import { pidOf, start, stop } from './processes.mjs';
import { processesWith } from './proc.mjs';
import { until } from './wait.mjs';

const TOKEN = 'bench-0123456789abcdef';
const PASSWORD = 'bench password of its own';
const START_LIMIT_MS = 60_000;

/** @typedef {import('./events.mjs').Instance} Instance */

/** Makes a data directory that has the bench's blueprints. @param {string} dataDir */
export function prepareDataDir(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  cpSync(BLUEPRINTS, join(dataDir, 'custom_blueprints'), { recursive: true });
}

/**
 * Starts AiKore on the subject's processor without waiting for it.
 * @param {string} dataDir
 * @param {{ port?: number, nodeArgs?: string[], proxy?: 'auto' | 'embedded' }} [options]
 */
export function launch(dataDir, { port = 0, nodeArgs = [], proxy = 'embedded' } = {}) {
  const log = openSync(`${dataDir}.log`, 'a');
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AIKORE_'));
  const child = start({
    cpu: SUBJECT_CPU,
    command: process.execPath,
    args: [...nodeArgs, SERVER],
    env: {
      ...Object.fromEntries(inherited),
      AIKORE_DATA_DIR: dataDir,
      AIKORE_PORT: String(port),
      AIKORE_APPS_PORT: '0',
      AIKORE_PROXY: proxy,
      AIKORE_READY_FILE: `${dataDir}.ready`,
      AIKORE_TOKEN: TOKEN,
      AIKORE_PASSWORD: PASSWORD,
      AIKORE_STOP_GRACE: '3',
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

/** A running AiKore with a data directory of its own. */
export class Aikore {
  /** For viewers and scripts. */
  static token = TOKEN;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} dataDir
   * @param {{ dashboard: string, apps: string }} addresses
   * @param {Events} events
   */
  constructor(child, dataDir, addresses, events) {
    this.child = child;
    this.dataDir = dataDir;
    this.pid = pidOf(child);
    this.dashboardUrl = addresses.dashboard;
    this.dashboardPort = Number(new URL(addresses.dashboard).port);
    this.appsPort = Number(new URL(addresses.apps).port);
    this.events = events;
    this.bearer = { Authorization: `Bearer ${TOKEN}` };
  }

  /**
   * Starts AiKore and waits until it serves.
   * @param {string} dataDir
   * @param {{ nodeArgs?: string[], proxy?: 'auto' | 'embedded' }} [options]
   */
  static async start(dataDir, options) {
    prepareDataDir(dataDir);
    const child = launch(dataDir, options);
    const readyFile = `${dataDir}.ready`;
    await until('AiKore serves', () => existsSync(readyFile) || child.exitCode !== null, {
      limitMs: START_LIMIT_MS,
    });
    if (child.exitCode !== null)
      throw new Error(`AiKore ended at once:\n${readFileSync(`${dataDir}.log`, 'utf8')}`);
    const addresses = JSON.parse(readFileSync(readyFile, 'utf8'));
    return new Aikore(child, dataDir, addresses, await Events.open(addresses.dashboard, TOKEN));
  }

  /**
   * Calls the API with the token.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [json]
   */
  async api(method, path, json) {
    const answer = await ask(new URL(path, this.dashboardUrl).href, { method, headers: this.bearer, json });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer;
  }

  /** Another viewer of the events. */
  view() {
    return Events.open(this.dashboardUrl, TOKEN);
  }

  /** Signs in with the password. */
  signIn() {
    const { origin } = new URL(this.dashboardUrl);
    return ask(`${origin}/api/auth/login`, {
      method: 'POST',
      headers: { Origin: origin },
      json: { password: PASSWORD },
    });
  }

  /** Signs in as a browser does. @returns {Promise<string>} the value of a Cookie header */
  async cookie() {
    const answer = await this.signIn();
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    if (answer.status !== 200) throw new Error(`The sign-in answered ${answer.status}.`);
    return cookie.split(';')[0] ?? '';
  }

  /**
   * @param {string} name
   * @param {string} blueprint file name without its end
   * @param {Record<string, unknown>} [more]
   * @returns {Promise<Instance>}
   */
  async create(name, blueprint, more = {}) {
    const wish = { name, base_blueprint: `${blueprint}.sh`, ...more };
    return JSON.parse((await this.api('POST', '/api/instances', wish)).body);
  }

  /**
   * @param {number} count
   * @param {string} blueprint
   * @param {number} [present] so many of these there are already
   */
  async createMany(count, blueprint, present = 0) {
    const instances = [];
    for (let index = present + 1; index <= present + count; index += 1)
      instances.push(await this.create(`${blueprint}-${index}`, blueprint));
    return instances;
  }

  /** @param {number} id @returns {Promise<Instance>} the instance once it is `started` */
  async start(id) {
    await this.api('POST', `/api/instances/${id}/start`);
    return this.events.until(id, ({ status, pid }) => status === 'started' && pid !== null);
  }

  /** @param {number} id */
  async kill(id) {
    await this.api('POST', `/api/instances/${id}/kill`);
    await this.events.untilStatus(id, 'stopped');
  }

  /** Folder of an instance. @param {Instance} instance */
  home({ name }) {
    return join(this.dataDir, 'instances', name);
  }

  /** Stops AiKore with its instances and makes sure that nothing is left. */
  async stop() {
    this.events.close();
    await stop(this.child);
    for (const pid of processesWith(this.dataDir)) process.kill(pid, 'SIGKILL');
  }
}
