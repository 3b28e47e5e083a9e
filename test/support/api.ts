import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance, InstanceCreate, InstanceStatus } from '../../src/contracts/instance.js';
import { freePort } from './ports.js';
import { waitFor } from './wait.js';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export type Command = 'start' | 'stop' | 'restart' | 'kill';

/** Talks to AiKore's API as a script with a token does; other credentials are given as headers. */
export class Api {
  constructor(
    readonly baseUrl: string,
    private readonly credentials: Record<string, string>,
  ) {}

  /** The browser's cookie, where there is one. */
  get cookie(): string {
    return this.credentials['cookie'] ?? '';
  }

  /** The same API for somebody else. */
  as(credentials: Record<string, string>): Api {
    return new Api(this.baseUrl, credentials);
  }

  async send<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const ofBody: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: { ...this.credentials, ...ofBody, ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
    };
  }

  /** For requests that have to succeed. */
  async expect<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send<T>(method, path, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** For requests that have to be refused. */
  refused(method: string, path: string, body?: unknown): Promise<Answer<ErrorBody>> {
    return this.send<ErrorBody>(method, path, body);
  }

  /** Creates an instance; its port is one that no suite beside this one uses. */
  async create(wish: InstanceCreate): Promise<Instance> {
    return this.expect(201, 'POST', 'api/instances', { port: await freePort(), ...wish });
  }

  instance(id: number): Promise<Instance> {
    return this.expect(200, 'GET', `api/instances/${id}`);
  }

  instances(): Promise<Instance[]> {
    return this.expect(200, 'GET', 'api/instances');
  }

  async byName(name: string): Promise<Instance> {
    const found = (await this.instances()).find((instance) => instance.name === name);
    if (found === undefined) throw new Error(`there is no instance named ${name}`);
    return found;
  }

  command(id: number, word: Command): Promise<Instance> {
    return this.expect(202, 'POST', `api/instances/${id}/${word}`);
  }

  /** Waits until an instance has a status. */
  reaches(id: number, status: InstanceStatus, limitMs = 30_000): Promise<Instance> {
    let seen = '';
    return waitFor(
      `instance ${id} is ${status}`,
      async () => {
        const instance = await this.instance(id);
        seen = `${instance.status}: ${instance.status_reason}`;
        return instance.status === status && instance;
      },
      limitMs,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)} (it is ${seen})`);
    });
  }

  /** Starts an instance and waits until it is ready. */
  async startUp(id: number): Promise<Instance> {
    await this.command(id, 'start');
    return this.reaches(id, 'started');
  }

  /** Stops an instance and waits until nothing of it is left. */
  async shutDown(id: number): Promise<Instance> {
    await this.command(id, 'stop');
    return this.reaches(id, 'stopped');
  }
}
