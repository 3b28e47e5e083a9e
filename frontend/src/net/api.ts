import type { SessionInfo } from '../../../src/contracts/auth.js';
import type { BlueprintCatalogue } from '../../../src/contracts/blueprint.js';
import type {
  DeleteMode,
  Instance,
  InstanceCreate,
  InstanceUpdate,
  LogSearchResult,
  LogSlice,
  Run,
  TrashEntry,
} from '../../../src/contracts/instance.js';
import type { KeptLog, LogTimes } from '../../../src/contracts/logs.js';
import type { PublicStatus, StatsHistory } from '../../../src/contracts/system.js';
import type { TerminalSession } from '../../../src/contracts/terminal.js';
import { Emitter } from '../base/observable.js';
import { ApiError, request } from './http.js';
import type { HttpAnswer, HttpRequest } from './http.js';

export type InstanceCommand = 'start' | 'stop' | 'restart' | 'kill';

/** Whose terminals: an instance's, by its id, or the machine's. */
export type TerminalPlace = number | 'system';

/** An instance with the tag that a later change must show. */
export interface TaggedInstance {
  instance: Instance;
  etag: string | null;
}

export interface LogSearchWish {
  text: string;
  isCaseSensitive: boolean;
  /** Null for all that are kept. */
  run: number | null;
  /** Where to go on, from the answer before. */
  from: string | null;
}

/** Every call of the server, typed by the contracts. Each throws ApiError. */
export class Api {
  /** Fires when a call finds the session gone. */
  readonly unauthenticated = new Emitter<void>();

  status(): Promise<PublicStatus> {
    return this.data<PublicStatus>({ path: '/api/status' });
  }

  session(): Promise<SessionInfo> {
    return this.data<SessionInfo>({ path: '/api/auth/session' });
  }

  /** A wrong password is 401 as well, and no reason to show the sign-in page, which is there already. */
  async login(password: string): Promise<void> {
    await request({ method: 'POST', path: '/api/auth/login', body: { password } });
  }

  async logout(): Promise<void> {
    await this.call({ method: 'POST', path: '/api/auth/logout' });
  }

  async setPassword(password: string, currentPassword: string | null): Promise<void> {
    const body = currentPassword === null ? { password } : { password, current_password: currentPassword };
    await this.call({ method: 'PUT', path: '/api/auth/password', body });
  }

  blueprints(): Promise<BlueprintCatalogue> {
    return this.data<BlueprintCatalogue>({ path: '/api/system/blueprints' });
  }

  async instance(id: number): Promise<TaggedInstance> {
    const answer = await this.call({ path: instancePath(id) });
    return { instance: answer.data as Instance, etag: answer.etag };
  }

  createInstance(body: InstanceCreate): Promise<Instance> {
    return this.data<Instance>({ method: 'POST', path: '/api/instances', body });
  }

  updateInstance(id: number, body: InstanceUpdate, etag: string | null): Promise<Instance> {
    return this.data<Instance>({ method: 'PATCH', path: instancePath(id), body, ifMatch: etag });
  }

  /** Stores the order of the rows: every instance once. */
  async arrange(ids: readonly number[]): Promise<void> {
    await this.call({ method: 'PUT', path: '/api/instances/order', body: { ids } });
  }

  async command(id: number, command: InstanceCommand): Promise<void> {
    await this.call({ method: 'POST', path: `${instancePath(id)}/${command}` });
  }

  async deleteInstance(id: number, mode: DeleteMode): Promise<void> {
    await this.call({ method: 'DELETE', path: `${instancePath(id)}?mode=${mode}` });
  }

  /** Bytes `offset` to `offset + limit` of a run's log; a negative offset counts from the end. */
  logs(id: number, offset: number, limit: number, run: number | null): Promise<LogSlice> {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (run !== null) query.set('run', String(run));
    return this.data<LogSlice>({ path: `${instancePath(id)}/logs?${query.toString()}` });
  }

  /** @param run its number, all that are kept, or null for the latest */
  logDownloadUrl(id: number, run: number | 'all' | null = null): string {
    return `${instancePath(id)}/logs/download${run === null ? '' : `?run=${String(run)}`}`;
  }

  /** Places of a text in the logs, without the lines. */
  searchLogs(id: number, wish: LogSearchWish): Promise<LogSearchResult> {
    const query = new URLSearchParams({ q: wish.text, limit: '1000', brief: '1' });
    if (wish.isCaseSensitive) query.set('case', '1');
    if (wish.run !== null) query.set('run', String(wish.run));
    if (wish.from !== null) query.set('from', wish.from);
    return this.data<LogSearchResult>({ path: `${instancePath(id)}/logs/search?${query.toString()}` });
  }

  /** When `limit` bytes of a run's log from `offset` on were printed. */
  logTimes(id: number, run: number, offset: number, limit: number): Promise<LogTimes> {
    const query = new URLSearchParams({ run: String(run), offset: String(offset), limit: String(limit) });
    return this.data<LogTimes>({ path: `${instancePath(id)}/logs/times?${query.toString()}` });
  }

  /** The last place of a run's log that was printed by a moment, in milliseconds since 1970. */
  logPlaceAt(id: number, run: number, atMs: number): Promise<LogTimes> {
    const query = new URLSearchParams({ run: String(run), at: String(atMs) });
    return this.data<LogTimes>({ path: `${instancePath(id)}/logs/times?${query.toString()}` });
  }

  /** Newest first. */
  runs(id: number): Promise<Run[]> {
    return this.data<Run[]>({ path: `${instancePath(id)}/runs` });
  }

  /** The runs whose log is kept, newest first. */
  keptLogs(id: number): Promise<KeptLog[]> {
    return this.data<KeptLog[]>({ path: `${instancePath(id)}/logs/runs` });
  }

  /** Figures of the last hour: the machine's, and those of one instance. */
  statsHistory(instanceId: number | null): Promise<StatsHistory> {
    return this.data<StatsHistory>({ path: `/api/system/stats/history?instance=${String(instanceId ?? 0)}` });
  }

  terminals(place: TerminalPlace): Promise<TerminalSession[]> {
    return this.data<TerminalSession[]>({ path: `${placePath(place)}/terminals` });
  }

  /** Ends a session with everything that runs in it. */
  async closeTerminal(place: TerminalPlace, session: string): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: `${placePath(place)}/terminals/${encodeURIComponent(session)}`,
    });
  }

  /** The address of the WebSocket on which terminals are begun and joined. */
  terminalPath(place: TerminalPlace): string {
    return `${placePath(place)}/terminal`;
  }

  trash(): Promise<TrashEntry[]> {
    return this.data<TrashEntry[]>({ path: '/api/trash' });
  }

  async restoreTrash(name: string): Promise<void> {
    await this.call({ method: 'POST', path: `/api/trash/${encodeURIComponent(name)}/restore` });
  }

  async deleteTrash(name: string): Promise<void> {
    await this.call({ method: 'DELETE', path: `/api/trash/${encodeURIComponent(name)}` });
  }

  /** For calls that have no method of their own here. @throws ApiError */
  async data<T>(call: HttpRequest): Promise<T> {
    return (await this.call(call)).data as T;
  }

  /** One call, for the parts that have their own list of paths. @throws ApiError */
  async call(call: HttpRequest): Promise<HttpAnswer> {
    try {
      return await request(call);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.unauthenticated.fire();
      throw error;
    }
  }
}

function instancePath(id: number): string {
  return `/api/instances/${String(id)}`;
}

function placePath(place: TerminalPlace): string {
  return place === 'system' ? '/api/system' : instancePath(place);
}
