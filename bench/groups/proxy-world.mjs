import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATOR_CPU, SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { findProgram } from '../lib/programs.mjs';
import { start, startNode, stop } from '../lib/processes.mjs';
import { freePort, untilListening } from '../lib/wait.mjs';

/** @typedef {{ name: string, port: number, path: string, headers: Record<string, string> }} Way */

const nginx = findProgram('nginx');

/** One nginx worker with keep-alive to the application and upgrades passed on: what one writes by hand. */
const configuration = (/** @type {number} */ port, /** @type {number} */ originPort) => `
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  map $http_upgrade $connection_value { default upgrade; '' ''; }
  upstream application { server 127.0.0.1:${originPort}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 100000000;
    location / {
      proxy_pass http://application;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_value;
      proxy_buffering off;
    }
  }
}
`;

/** References that stand for a package of the same name, which need not be installed. */
const PACKAGES = ['http-proxy-3'];

/** @param {string} name */
function hasItsPackage(name) {
  if (!PACKAGES.includes(name)) return true;
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** An application with AiKore and other proxies before it. */
export class ProxyWorld {
  /** @type {import('node:child_process').ChildProcess[]} */
  #references = [];
  /** @type {Way[]} */
  ways = [];
  /** @type {Way} */
  direct = { name: 'direct', port: 0, path: '/', headers: {} };

  /**
   * @param {Aikore} aikore with NGINX where it is installed
   * @param {Aikore} embedded
   */
  constructor(aikore, embedded) {
    this.aikore = aikore;
    this.embedded = embedded;
  }

  /**
   * @param {import('../run.mjs').Bench} bench
   * @param {string} folder
   * @param {string[]} references files of bench/reference
   */
  static async open(bench, folder, references) {
    const world = new ProxyWorld(
      await Aikore.start(join(bench.scratch, folder), { proxy: 'auto' }),
      await Aikore.start(join(bench.scratch, `${folder}-embedded`)),
    );
    const originPort = await world.#openApplication('aikore', world.aikore);
    await world.#openApplication('embedded', world.embedded);
    for (const name of references) if (hasItsPackage(name)) await world.#addNode(name, originPort);
    if (nginx !== null) await world.#addNginx(nginx, join(bench.scratch, `${folder}-nginx`), originPort);
    return world;
  }

  /** @param {string} name */
  way(name) {
    return this.ways.find((way) => way.name === name) ?? null;
  }

  async close() {
    await Promise.all(this.#references.map((child) => stop(child)));
    await Promise.all([this.aikore.stop(), this.embedded.stop()]);
  }

  /**
   * The instance is a process without a port; the application stands in for it, on the other processor.
   * @param {string} name
   * @param {Aikore} aikore
   */
  async #openApplication(name, aikore) {
    const { id } = await aikore.create('Application', 'bench-idle');
    const { port, slug } = await aikore.start(id);
    this.#references.push(startNode(GENERATOR_CPU, join(REFERENCE, 'origin.mjs'), port));
    await untilListening(port);
    const headers = { Cookie: await aikore.cookie() };
    if (this.direct.port === 0) this.direct = { name: 'direct', port, path: '/', headers };
    this.ways.push({ name, port: aikore.appsPort, path: `/instance/${slug}/`, headers });
    return port;
  }

  /**
   * @param {string} name
   * @param {number} originPort
   */
  async #addNode(name, originPort) {
    const port = await freePort();
    this.#references.push(startNode(SUBJECT_CPU, join(REFERENCE, `${name}.mjs`), port, originPort));
    await this.#add(name, port);
  }

  /**
   * @param {string} program
   * @param {string} folder
   * @param {number} originPort
   */
  async #addNginx(program, folder, originPort) {
    const port = await freePort();
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, 'nginx.conf'), configuration(port, originPort));
    const args = ['-p', `${folder}/`, '-c', 'nginx.conf', '-g', 'daemon off;', '-e', 'error.log'];
    this.#references.push(start({ cpu: SUBJECT_CPU, command: program, args }));
    await this.#add('nginx', port);
  }

  /**
   * @param {string} name
   * @param {number} port
   */
  async #add(name, port) {
    await untilListening(port);
    this.ways.push({ name, port, path: '/', headers: this.direct.headers });
  }
}
