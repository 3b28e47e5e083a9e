/** A browser that is signed in; one of the answers of `GET /api/auth/sessions`. Times are ISO 8601, UTC. */
export interface SignedInBrowser {
  id: number;
  created_at: string;
  last_seen_at: string;
  /** The end, however busy it is. */
  expires_at: string;
  address: string;
  user_agent: string;
  /** It is the caller's own. */
  is_current: boolean;
}
