/** What a caller may do; a session holds all of them. */
export type Scope = 'read' | 'operate' | 'edit' | 'terminal' | 'admin';

/** Answer of `GET /api/auth/session`. */
export interface SessionInfo {
  actor: string;
  scopes: Scope[];
  via: 'session' | 'token';
  expires_at: string | null;
  /** False: sign-in works by one-time link only; offer to set a password. */
  password_set: boolean;
  /** The password comes from `AIKORE_PASSWORD` and cannot be changed here. */
  password_from_environment: boolean;
}

export interface ApiToken {
  id: number;
  name: string;
  scopes: Scope[];
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

/** Answer of `POST /api/auth/tokens`: the only time that the token itself is shown. */
export interface CreatedApiToken extends ApiToken {
  token: string;
}
