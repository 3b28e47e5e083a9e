/**
 * Names by which applications learn who asks and under which address. The proxy sets what it knows and drops the rest:
 * a client must not be believed. NGINX cannot tell by a pattern, so these are the names that proxies and
 * applications use. Underscored spellings, which CGI-style servers read alike, are dropped by both engines.
 */
export const FORWARDING_NAMES = [
  'X-Forwarded-For',
  'X-Real-IP',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Prefix',
  'X-Forwarded',
  'X-Forwarded-Access-Token',
  'X-Forwarded-By',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Path',
  'X-Forwarded-Port',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-Protocol',
  'X-Forwarded-Roles',
  'X-Forwarded-Scheme',
  'X-Forwarded-Server',
  'X-Forwarded-Ssl',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
  'X-Forwarded-Uri',
  'X-Forwarded-User',
  'Forwarded',
] as const;
