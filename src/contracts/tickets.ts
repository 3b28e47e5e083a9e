/** Answer of `POST /api/auth/tickets`: signs the browser in once at the host name of an application. */
export interface SignInTicket {
  /** Works once. It belongs into no address that reaches a server: behind `#` only. */
  ticket: string;
  /** Where it works: `http://comfy.home.lan:9001`. */
  origin: string;
  /** ISO 8601, UTC. */
  expires_at: string;
}
