/** What kind of failure it is; one table in the HTTP filter turns it into a status. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'unsupported_media_type'
  | 'misdirected'
  | 'invalid'
  | 'precondition_required'
  | 'rate_limited'
  | 'unavailable'
  | 'timed_out'
  | 'disk_full'
  | 'internal';

/** The body of every answer that is not a success. */
export interface ErrorBody {
  /** Stable, upper snake case, for programs: `INSTANCE_NAME_TAKEN`. */
  code: string;
  /** One or two sentences for a person. */
  message: string;
  /** For `VALIDATION_FAILED`: field name → sentence. Otherwise what the code documents. */
  details: Record<string, unknown>;
  request_id: string;
}
