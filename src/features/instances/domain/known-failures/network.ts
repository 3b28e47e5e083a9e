import type { KnownFailure } from './known-failure.js';

/** The way to the Internet. */
export const networkFailures: readonly KnownFailure[] = [
  {
    code: 'proxy_refused',
    isTakenFromWarnings: true,
    patterns: [
      /407 Proxy Authentication Required|Received HTTP code 407 from proxy/,
      /Tunnel connection failed: \d{3}|Cannot connect to proxy|ProxyError\(/,
    ],
    message:
      'The HTTP proxy of this machine refused or could not be reached. Check HTTP_PROXY and HTTPS_PROXY, their name and password included, or set NO_PROXY.',
  },
  {
    code: 'certificate_refused',
    isTakenFromWarnings: true,
    patterns: [
      /CERTIFICATE_VERIFY_FAILED/,
      /SSL certificate problem|server certificate verification failed/,
      /invalid peer certificate/,
      /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/,
    ],
    message:
      'The certificate of a server was not accepted. Where a proxy opens connections, its certificate has to be known (SSL_CERT_FILE, REQUESTS_CA_BUNDLE); also check the machine’s clock.',
  },
  {
    code: 'name_not_resolved',
    isTakenFromWarnings: true,
    patterns: [
      /Could not resolve host: ?(?<host>[\w.-]{1,200})/,
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]{1,200})/,
      /Failed to resolve '(?<host>[^']{1,200})'/,
      /unable to resolve host address [‘'](?<host>[^’']{1,200})/,
      /Temporary failure in name resolution|Name or service not known/,
      /failed to lookup address information/,
    ],
    message: ({ host }) =>
      `The name ${host ? `“${host}”` : 'of a server'} could not be resolved. The machine is offline, or its DNS does not answer; start again when it is back.`,
  },
  {
    code: 'network_unreachable',
    isTakenFromWarnings: true,
    patterns: [
      /No route to host|Network is unreachable|ENETUNREACH|EHOSTUNREACH/,
      /HTTP 000 CONNECTION FAILED/,
    ],
    message:
      'A server could not be reached: there is no way into that network. Check the machine’s connection.',
  },
  {
    code: 'network_timeout',
    isTakenFromWarnings: true,
    patterns: [
      /Read timed out|ReadTimeoutError|ConnectTimeoutError|ReadTimeout:/,
      /Connection timed out|ETIMEDOUT|operation timed out/,
    ],
    message: 'A server answered too late. Start again; what was downloaded whole is not downloaded again.',
  },
  {
    code: 'rate_limited',
    patterns: [/429 (?:Client Error: )?Too Many Requests|error: 429\b|API rate limit exceeded/],
    message:
      'A server refused because it was asked too often. Wait a while before the next start; signed in with a token, one is mostly allowed more.',
  },
  {
    code: 'connection_refused',
    patterns: [
      /ECONNREFUSED (?<address>[\w.:[\]-]{1,100})/,
      /Failed to connect to (?<address>[\w.-]{1,200} port \d{1,5})/,
      /ConnectionRefusedError: |\bConnection refused\b/,
    ],
    message: ({ address }) =>
      `A server that it needs${address ? ` (${address})` : ''} did not accept the connection. Check that it runs and that the address is right.`,
  },
  {
    code: 'download_broken',
    patterns: [
      /Connection reset by peer|ECONNRESET|IncompleteRead\(|ChunkedEncodingError/,
      /RPC failed; |early EOF|fetch-pack: unexpected disconnect/,
      /The requested URL returned error: 5\d\d|\b50[0234] Server Error/,
    ],
    message:
      'A download broke off. Start again; if it repeats, the server or a proxy on the way has trouble.',
  },
];
