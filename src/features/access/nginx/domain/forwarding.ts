/**
 * Names by which applications learn who asks and under which address. The proxy sets what it knows and drops the rest:
 * a client must not be believed. Underscored spellings, which CGI-style servers read alike, are dropped by both engines.
 */
export const FORWARDING_NAMES = [
  'X-Forwarded-For',
  'X-Real-IP',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Prefix',
  'X-Forwarded',
  'X-Forwarded-By',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Path',
  'X-Forwarded-Port',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-Protocol',
  'X-Forwarded-Scheme',
  'X-Forwarded-Server',
  'X-Forwarded-Ssl',
  'X-Forwarded-Uri',
  'X-Forwarded-User',
  'Forwarded',
] as const;
