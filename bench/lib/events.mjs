import { WebSocket } from 'ws';

/** @typedef {{ id: number, name: string, slug: string, status: string, pid: number | null, port: number,
 *   status_reason: string, run: number, restarts: number }} Instance */

/** A viewer of `WS /api/events` that knows the present state of every instance. */
export class Events {
  /** @type {Map<number, Instance>} */
  instances = new Map();
  /** Called with every message of a followed log. @type {(content: string) => void} */
  onLog = () => undefined;
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #receivedBytes = 0;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on('message', (data) => this.#take(data.toString()));
  }

  /**
   * Connects and waits for the snapshot.
   * @param {string} dashboardUrl
   * @param {string} token
   * @returns {Promise<Events>}
   */
  static open(dashboardUrl, token) {
    const url = new URL('/api/events', dashboardUrl.replace('http', 'ws'));
    const socket = new WebSocket(url, {
      headers: { Authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    const events = new Events(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('message', () => resolve(events));
    });
  }

  /** Bytes of messages since the connection was opened. */
  get receivedBytes() {
    return this.#receivedBytes;
  }

  /** Follows the log of an instance from now on. @param {number} id */
  follow(id) {
    this.socket.send(JSON.stringify({ subscribe: 'logs', id }));
  }

  /**
   * Settles in the same turn in which the message arrives that makes it so.
   * @param {number} id
   * @param {(instance: Instance) => boolean} isSo
   * @param {number} [limitMs]
   * @returns {Promise<Instance>}
   */
  async until(id, isSo, limitMs = 30_000) {
    const endMs = Date.now() + limitMs;
    for (;;) {
      const instance = this.instances.get(id);
      if (instance !== undefined && isSo(instance)) return instance;
      if (Date.now() > endMs)
        throw new Error(`Instance ${id} is ${instance?.status} (${instance?.status_reason}).`);
      await this.#next(endMs - Date.now());
    }
  }

  /**
   * @param {number} id
   * @param {string} status
   */
  untilStatus(id, status) {
    return this.until(id, (instance) => instance.status === status);
  }

  close() {
    this.socket.close();
  }

  /**
   * @param {number} limitMs
   * @returns {Promise<void>}
   */
  #next(limitMs) {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      setTimeout(wake, Math.max(0, limitMs) + 10).unref();
    });
  }

  /** @param {string} text */
  #take(text) {
    this.#receivedBytes += Buffer.byteLength(text);
    const { type, data } = JSON.parse(text);
    if (type === 'log.appended') this.onLog(data.content);
    if (type === 'snapshot')
      this.instances = new Map(data.instances.map((/** @type {Instance} */ one) => [one.id, one]));
    if (type === 'instance.created' || type === 'instance.updated' || type === 'instance.state')
      this.instances.set(data.id, data);
    if (type === 'instance.removed') this.instances.delete(data.id);
    for (const wake of [...this.#waiting]) wake();
  }
}
