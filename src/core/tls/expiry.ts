import type { TlsPair } from './tls-pair.js';

const DAY_MS = 24 * 3600 * 1000;
const REMINDER_MS = 7 * DAY_MS;
/** Certificates that are made for days are renewed late by intention. */
const REMINDER_PART = 0.2;

/** What there is to say of the days that a certificate has left, or null. */
export function expiryWarning(
  { validFromMs, validToMs }: Pick<TlsPair, 'validFromMs' | 'validToMs'>,
  nowMs: number,
): string | null {
  const day = new Date(validToMs).toISOString().slice(0, 10);
  if (nowMs > validToMs) return `The TLS certificate of AiKore has expired on ${day}: browsers refuse it.`;
  if (nowMs < validFromMs) return 'The TLS certificate of AiKore is not valid yet: the clock may be wrong.';
  const isSoon = validToMs - nowMs < Math.min(REMINDER_MS, REMINDER_PART * (validToMs - validFromMs));
  return isSoon ? `The TLS certificate of AiKore expires on ${day} and has not been renewed.` : null;
}
