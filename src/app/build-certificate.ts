import type { Config } from '../core/config/config.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { TlsCertificate } from '../core/tls/tls-certificate.js';

/** What AiKore serves TLS with; what becomes of it is told to everybody. Null: it serves plain HTTP. */
export function buildCertificate(
  { tls }: Pick<Config, 'tls'>,
  hub: EventHub,
  logger: Logger,
): TlsCertificate | null {
  if (tls === null) return null;
  return new TlsCertificate({ files: tls, tell: (notice) => hub.publish('notice', notice), logger });
}
