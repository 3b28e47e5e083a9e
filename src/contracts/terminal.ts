/**
 * Terminals: `WS /api/instances/{id}/terminal?cols=&rows=&session=` and `WS /api/system/terminal?…`.
 *
 * Client to server: binary is what was typed; text is one of {@link TerminalClientMessage}.
 * Server to client: binary is output; text is one of {@link TerminalServerMessage}, in order with the output.
 */

export type TerminalClientMessage =
  | { type: 'resize'; cols: number; rows: number }
  /** All bytes of output that were worked up on this connection so far. Without acks the output stops after a while. */
  | { type: 'ack'; bytes: number };

export type TerminalServerMessage =
  /**
   * The first message. `replay_bytes` of the output that follows are old: they begin with a reset of the terminal and
   * build its screen anew; what a terminal answers to queries in them must not be sent. It comes again when the viewer
   * has fallen so far behind that the screen has to be built anew.
   */
  | { type: 'session'; id: string; replay_bytes: number }
  /** The terminal has another size now: another viewer of it typed or resized. */
  | { type: 'resized'; cols: number; rows: number }
  /** The end; the connection closes. All of its output was sent before. */
  | { type: 'exit'; code: number | null; signal: string | null; message: string }
  /** Something to know, such as an environment that does not exist yet. */
  | { type: 'note'; message: string }
  /** No terminal could be opened; the connection closes with {@link TerminalCloseCode}. */
  | { type: 'error'; code: string; message: string };

/** Close codes: 1000 after `exit`, 4400 a message that is none, 4401 signed out, 4404 no such instance, 4429 too many. */
export type TerminalCloseCode = 1000 | 1001 | 1011 | 1013 | 4400 | 4401 | 4404 | 4429;

/** A terminal as `GET /api/instances/{id}/terminals` and `GET /api/system/terminals` list it, oldest first. */
export interface TerminalSession {
  id: string;
  /** Name of the program in the foreground, such as `bash` or `vim`; empty when it is not known. */
  title: string;
  /** A program other than the shell is in the foreground: closing would end it. */
  is_busy: boolean;
  /** ISO 8601. */
  started_at: string;
  cols: number;
  rows: number;
  /** Connections that show it. */
  viewers: number;
  /** False: its shell has ended, the last of its output can still be seen. */
  running: boolean;
}
