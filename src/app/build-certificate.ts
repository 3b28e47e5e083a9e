import type { Config } from '../core/config/config.js';
import type { Logger } from '../core/logging.js';
import { TlsCertificate } from '../core/tls/tls-certificate.js';
import type { StandingWarnings } from '../core/warnings/standing-warnings.js';

/** What AiKore serves TLS with; what is wrong with it is told to everybody. Null: it serves plain HTTP. */
export function buildCertificate(
  { tls }: Pick<Config, 'tls'>,
  warnings: StandingWarnings,
  logger: Logger,
): TlsCertificate | null {
  if (tls === null) return null;
  return new TlsCertificate({ files: tls, warnings, logger });
}
