import type { AuditPage } from '../../../src/contracts/audit.js';
import type { ApiToken, CreatedApiToken, Scope } from '../../../src/contracts/auth.js';
import type { PortsView } from '../../../src/contracts/ports.js';
import type { SignedInBrowser } from '../../../src/contracts/sessions.js';
import type { TrashEntrySize } from '../../../src/contracts/trash.js';
import type { Api } from './api.js';

export interface TokenWish {
  name: string;
  scopes: Scope[];
  /** ISO 8601; null: it never expires. */
  expires_at: string | null;
}

/** Absent or empty: all. */
export interface AuditQuery {
  actor?: string;
  action?: string;
  instance?: string;
  target?: string;
  outcome?: string;
  before?: number;
}

/** The calls of the settings and the trash, which most visits of the page never make. Each throws ApiError. */
export class AdminApi {
  constructor(private readonly api: Pick<Api, 'data' | 'call'>) {}

  sessions(): Promise<SignedInBrowser[]> {
    return this.api.data({ path: '/api/auth/sessions' });
  }

  async endSession(id: number): Promise<void> {
    await this.api.call({ method: 'DELETE', path: `/api/auth/sessions/${String(id)}` });
  }

  async endOtherSessions(): Promise<void> {
    await this.api.call({ method: 'DELETE', path: '/api/auth/sessions' });
  }

  tokens(): Promise<ApiToken[]> {
    return this.api.data({ path: '/api/auth/tokens' });
  }

  createToken(wish: TokenWish): Promise<CreatedApiToken> {
    return this.api.data({ method: 'POST', path: '/api/auth/tokens', body: wish });
  }

  async deleteToken(id: number): Promise<void> {
    await this.api.call({ method: 'DELETE', path: `/api/auth/tokens/${String(id)}` });
  }

  audit(query: AuditQuery): Promise<AuditPage> {
    const filled = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const search = new URLSearchParams(filled.map(([key, value]) => [key, String(value)]));
    return this.api.data({ path: `/api/audit?${search.toString()}` });
  }

  ports(): Promise<PortsView> {
    return this.api.data({ path: '/api/system/ports' });
  }

  /** Counts when it is asked; that can take a while. */
  trashSize(name: string): Promise<TrashEntrySize> {
    return this.api.data({ path: `/api/trash/${encodeURIComponent(name)}/size`, timeoutMs: 150_000 });
  }

  async emptyTrash(): Promise<void> {
    await this.api.call({ method: 'DELETE', path: '/api/trash', timeoutMs: 150_000 });
  }
}
