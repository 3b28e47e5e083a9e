import type { Page, Route } from 'playwright-core';
import type { InstanceEnvironment, UpdateCheck } from '../../src/contracts/environment.js';
import type { ServerEvent } from '../../src/contracts/events.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { Archive, Operation } from '../../src/contracts/operation.js';

/** A call that the page made. */
export interface DoubledCall {
  method: string;
  path: string;
  body: unknown;
}

type Answer = { status?: number; data?: unknown };

/**
 * Stands between a page and its AiKore and plays long work, whose moments nobody could catch with the real one: operations,
 * archives and environments are what a test says, everything else is the real AiKore's.
 */
export class WorkDouble {
  operations: Operation[] = [];
  archives: Archive[] = [];
  environments = new Map<number, InstanceEnvironment>();
  updates = new Map<number, UpdateCheck>();
  readonly calls: DoubledCall[] = [];
  /** What a call is answered with, by its method and path; the first that fits counts. */
  readonly answers: [pattern: RegExp, answer: (call: DoubledCall) => Answer | Promise<Answer>][] = [];
  private readonly changes = new Map<number, Partial<Instance>>();
  private send: (event: ServerEvent) => void = () => undefined;

  /** To be called before the page is opened or reloaded. */
  async install(page: Page): Promise<this> {
    await page.routeWebSocket('**/api/events', (socket) => {
      let shift = 0;
      let last = 0;
      const server = socket.connectToServer();
      this.send = (event) => {
        shift += 1;
        last += 1;
        socket.send(JSON.stringify({ ...event, seq: last }));
      };
      server.onMessage((text) => {
        const event = this.changed(JSON.parse(String(text)) as ServerEvent);
        last = event.seq + shift;
        socket.send(JSON.stringify({ ...event, seq: last }));
      });
    });
    const own = /\/api\/(operations|archives)|\/(copy|instantiate|export|environment|update-check|update)$/;
    await page.route(
      (url) => own.test(url.pathname),
      (route) => this.answer(route),
    );
    return this;
  }

  /** Tells the page of operations. */
  tell(...operations: Operation[]): void {
    this.operations = operations;
    this.send({ type: 'operations.changed', seq: 0, data: operations });
  }

  tellArchives(...archives: Archive[]): void {
    this.archives = archives;
    this.send({ type: 'archives.changed', seq: 0, data: {} });
  }

  /** Has an instance told otherwise than it is. */
  change(id: number, change: Partial<Instance>): void {
    this.changes.set(id, { ...this.changes.get(id), ...change });
  }

  called(pattern: RegExp): DoubledCall[] {
    return this.calls.filter(({ method, path }) => pattern.test(`${method} ${path}`));
  }

  private changed(event: ServerEvent): ServerEvent {
    const withChange = (instance: Instance): Instance => ({ ...instance, ...this.changes.get(instance.id) });
    if (event.type === 'snapshot') {
      const instances = event.data.instances.map(withChange);
      return { ...event, data: { ...event.data, instances, operations: this.operations } };
    }
    const isOfInstance =
      event.type === 'instance.created' ||
      event.type === 'instance.updated' ||
      event.type === 'instance.state';
    return isOfInstance ? { ...event, data: withChange(event.data) } : event;
  }

  private async answer(route: Route): Promise<void> {
    const request = route.request();
    const { pathname: path } = new URL(request.url());
    const call = { method: request.method(), path, body: bodyOf(request.postData()) };
    this.calls.push(call);
    const { status = 200, data } = await this.answerTo(call);
    if (data === undefined) await route.fulfill({ status: status === 200 ? 204 : status });
    else await route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(data) });
  }

  private answerTo(call: DoubledCall): Answer | Promise<Answer> {
    const key = `${call.method} ${call.path}`;
    const own = this.answers.find(([pattern]) => pattern.test(key));
    if (own) return own[1](call);
    const id = Number(/\/instances\/(\d+)\//.exec(call.path)?.[1] ?? 0);
    if (key.endsWith('/environment')) return orMissing(this.environments.get(id));
    if (key.endsWith('/update-check')) return orMissing(this.updates.get(id));
    if (key === 'GET /api/archives') return { data: this.archives };
    return {};
  }
}

function orMissing(data: unknown): Answer {
  const message = 'There is nothing of that kind.';
  return data === undefined
    ? { status: 404, data: { code: 'NOT_FOUND', message, details: {}, request_id: 'request-404' } }
    : { data };
}

function bodyOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
}
