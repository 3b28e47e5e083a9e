import type { SecureContextOptions } from 'node:tls';

/** TLS 1.2 with forward secrecy and authenticated encryption at least (Mozilla's "intermediate" list), and HTTP/1.1. */
export const TLS_RULES = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const satisfies SecureContextOptions;

/** The same for OpenSSL's list of TLS 1.2, to which the names of TLS 1.3 are unknown. */
export const TLS_1_2_CIPHERS = TLS_RULES.ciphers
  .split(':')
  .filter((name) => !name.startsWith('TLS_'))
  .join(':');
