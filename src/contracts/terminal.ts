/** A terminal session, as `GET /api/instances/{id}/terminals` lists it. */
export interface TerminalSession {
  id: string;
  /** The program in the foreground, such as `vim`; null when it is the shell itself or unknown. */
  program: string | null;
  started_at: string;
  cols: number;
  rows: number;
  viewers: number;
  running: boolean;
}
