/**
 * Who may show a desktop in a frame: the dashboard, as a source of `frame-ancestors`. A page that shows it elsewhere could
 * lay something over it and so have the operator click what they do not see.
 * @param dashboard the dashboard's origin
 */
export function frameAncestors(dashboard: string): string {
  if (!URL.canParse(dashboard)) return "'self'";
  const { protocol, hostname, port } = new URL(dashboard);
  // A policy cannot name an IPv6 address (CSP3, 2.3.1): its scheme and port have to do.
  if (hostname.startsWith('[')) return `'self' ${protocol}//*${port === '' ? '' : `:${port}`}`;
  return /^[a-z0-9._-]+$/.test(hostname) ? `'self' ${new URL(dashboard).origin}` : "'self'";
}
