import { SIGNIN_LINK_PATH } from '../core/auth/one-time-link.js';
import type { Config } from '../core/config/config.js';

export interface GreetingFacts {
  config: Config;
  dashboardUrl: string;
  linkToken: string | null;
  adoptedCount: number;
  missing: { name: string; detail: string }[];
}

/** What a start tells the operator: where AiKore is, how to sign in, and what this machine lacks. */
export function greeting(facts: GreetingFacts): string {
  const { config, dashboardUrl, linkToken, adoptedCount, missing } = facts;
  const lines = [
    '',
    `  AiKore serves at ${dashboardUrl}/`,
    `  Sign in: ${signIn(facts)}`,
    `  Data:    ${config.dataDir}`,
  ];
  if (adoptedCount > 0)
    lines.push(`  ${adoptedCount} running instance${adoptedCount === 1 ? '' : 's'} found again.`);
  for (const part of missing) lines.push(`  No ${part.name}: ${part.detail}`);
  if (linkToken !== null)
    lines.push('', '  The link works once. Set a password in the dashboard, or with AIKORE_PASSWORD.');
  return `${lines.join('\n')}\n\n`;
}

function signIn({ config, dashboardUrl, linkToken }: GreetingFacts): string {
  if (!config.isAuthOn) return 'not needed (AIKORE_AUTH=off)';
  if (linkToken !== null) return `${dashboardUrl}${SIGNIN_LINK_PATH}${linkToken}`;
  return config.password === null ? 'with your password' : 'with the password from AIKORE_PASSWORD';
}
