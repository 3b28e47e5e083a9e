import type { AuditOutcome } from '../../contracts/audit.js';

/** Who is named when somebody did not sign in. */
export const NOBODY = 'nobody';

/** Who is named for what AiKore did by itself. */
export const AIKORE = 'AiKore';

/** Something that somebody did. Texts are cut and cleaned of control characters; secrets have no place in them. */
export interface AuditRecord {
  /** {@link Caller.actor}, or one of the names above. */
  actor: string;
  /** Lower case words with a dot between: `terminal.open`. */
  action: string;
  /** What it was done to, by the name that it has now. */
  target: string | null;
  outcome: AuditOutcome;
  address?: string | null;
  instanceId?: number | null;
  detail?: string | null;
  /** Code of the error, when there was one. */
  code?: string | null;
  requestId?: string | null;
}

/** Where parts say what was done. */
export interface AuditPort {
  /** Takes it down soon; never throws, never waits. */
  record(record: AuditRecord): void;
}
