/**
 * Who may show a desktop or an application in a frame: the dashboard, and pages of the same origin, as sources of
 * `frame-ancestors`. A page that shows it elsewhere could lay something over it and so have the operator click what they
 * do not see.
 * @param dashboard the dashboard's origin
 */
export function frameAncestors(dashboard: string): string {
  if (!URL.canParse(dashboard)) return "'self'";
  const { protocol, hostname, port } = new URL(dashboard);
  // A policy cannot name an IPv6 address (CSP3, 2.3.1): its scheme and port have to do.
  if (hostname.startsWith('[')) return `'self' ${protocol}//*${port === '' ? '' : `:${port}`}`;
  return /^[a-z0-9._-]+$/.test(hostname) ? `'self' ${new URL(dashboard).origin}` : "'self'";
}

const FRAME_ANCESTORS = /^\s*frame-ancestors(?=\s|$)/i;

/** Whether a policy says who may frame the page. */
export function namesFrames(policy: string): boolean {
  return policy.split(/[;,]/).some((directive) => FRAME_ANCESTORS.test(directive));
}

/**
 * The directive with the dashboard among those who may frame the page; other directives as they are.
 * @param ancestors as `frameAncestors` has them
 */
export function admittingFrames(directive: string, ancestors: string): string {
  const name = FRAME_ANCESTORS.exec(directive)?.[0];
  if (name === undefined) return directive;
  const own = directive
    .slice(name.length)
    .split(/\s+/)
    .filter((source) => source !== '' && !/^'(?:none|self)'$/i.test(source));
  return [name, ...own, ancestors].join(' ');
}
