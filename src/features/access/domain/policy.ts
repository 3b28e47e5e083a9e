import { admittingFrames } from './frame-policy.js';

/**
 * A Content-Security-Policy as it may reach the browser: the dashboard may frame the application, and the shim may run.
 * @param ancestors who may frame the application whatever it says, as `frameAncestors` has them.
 * @param shim where the shim is, as a source (`host/path`), when the document carries it.
 */
export function policyForBrowser(value: string, ancestors: string, shim: string | null): string {
  const policies = value.split(',').map((policy) => {
    const directives = policy.split(';').map((directive) => admittingFrames(directive, ancestors));
    return shim === null ? directives.join(';') : admitting(directives, shim).join(';');
  });
  return policies.join(',');
}

/** A nonce that scripts of this policy may carry, which counts where a list of hosts does not (`strict-dynamic`). */
export function nonceOf(values: readonly string[]): string | null {
  const sources = values
    .flatMap((value) => value.split(/[;,]/))
    .filter((part) => /^\s*script-src/i.test(part));
  for (const directive of sources) {
    const nonce = /'nonce-([A-Za-z0-9+/_-]+={0,2})'/.exec(directive)?.[1];
    if (nonce !== undefined) return nonce;
  }
  return null;
}

/** The directives that browsers ask about a script, the first that is there counts (CSP 3, 6.8.4). */
const ABOUT_SCRIPTS = ['script-src-elem', 'script-src', 'default-src'];

function admitting(directives: string[], shim: string): string[] {
  const names = directives.map((directive) => directive.trim().split(/\s/)[0]?.toLowerCase() ?? '');
  const asked = ABOUT_SCRIPTS.map((name) => names.indexOf(name)).find((index) => index >= 0);
  return directives.map((directive, index) =>
    index === asked && !/\s'self'(\s|$)/i.test(directive)
      ? `${directive.replace(/\s'none'/gi, '')} ${shim}`
      : directive,
  );
}
