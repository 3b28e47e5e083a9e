import type { SessionInfo } from '../../../src/contracts/auth.js';
import type { BlueprintCatalogue } from '../../../src/contracts/blueprint.js';
import type {
  DeleteMode,
  Instance,
  InstanceCreate,
  InstanceUpdate,
  LogSlice,
  TrashEntry,
} from '../../../src/contracts/instance.js';
import type { PublicStatus } from '../../../src/contracts/system.js';
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

  async command(id: number, command: InstanceCommand): Promise<void> {
    await this.call({ method: 'POST', path: `${instancePath(id)}/${command}` });
  }

  /** Its environment is built anew at its next start, which follows at once unless it rests. */
  async rebuild(id: number): Promise<void> {
    await this.call({ method: 'POST', path: `${instancePath(id)}/rebuild` });
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

  logDownloadUrl(id: number): string {
    return `${instancePath(id)}/logs/download`;
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

  private async data<T>(call: HttpRequest): Promise<T> {
    return (await this.call(call)).data as T;
  }

  private async call(call: HttpRequest): Promise<HttpAnswer> {
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
