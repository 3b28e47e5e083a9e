/** `done`: it happened; `refused`: AiKore said no; `failed`: it was tried and something broke. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** One line of the audit log: who did what, when, from where. Never a secret, never the value of a variable. */
export interface AuditEntry {
  id: number;
  /** ISO 8601, UTC. */
  at: string;
  /** `operator`, `token <name>`, `environment token`, `AiKore`, or `nobody` for who did not sign in. */
  actor: string;
  /** Address of the other end of the connection; null for what AiKore did by itself. */
  address: string | null;
  /** What was done, such as `instance.start`; a route without a word of its own is `METHOD pattern`. */
  action: string;
  /** What it was done to, by the name that it had then. */
  target: string | null;
  instance_id: number | null;
  /** What else is worth knowing, such as the names of the changed fields. */
  detail: string | null;
  outcome: AuditOutcome;
  /** Code of the error, when there was one. */
  code: string | null;
  request_id: string | null;
}

/** Answer of `GET /api/audit`, newest first. */
export interface AuditPage {
  entries: AuditEntry[];
  /** Value for `before` of the next page, or null at the end. */
  next_before: number | null;
  /** What can be filtered by, in order; only with the first page, else empty. */
  actors: string[];
  actions: string[];
  /** So long entries are kept, and at most so many. */
  kept_days: number;
  kept_entries: number;
}
