import type { Directive } from './directives.js';
import { block, directive } from './directives.js';
import { AWAY_JSON, AWAY_PAGE, AWAY_POLICY, TOO_LARGE_JSON } from './away-page.js';
import { NEVER } from '../../domain/response-headers.js';
import { FORWARDING_NAMES } from './forwarding.js';
import { FRONT_VALUES, PASSAGE_KEY } from './maps.js';
import { FRONT_HEADERS, PASSAGE_HEADERS, headerVariable } from './names.js';

/** Applications may think for a day; a peer that vanished is found out by the kernel's probes. */
const PATIENCE = '1d';

/** Where NGINX asks who may pass. Nobody else gets there: the location is internal. */
const PASSAGE_URI = '/.aikore/may-pass';

const setHeader = (name: string, value: string): Directive => directive('proxy_set_header', name, value);
const front = FRONT_VALUES.map(([name, value]) => setHeader(name, value));
const noBody = [
  directive('proxy_method', 'GET'),
  directive('proxy_pass_request_body', 'off'),
  setHeader('Content-Length', ''),
  setHeader('Transfer-Encoding', ''),
];

/** What an answer to NGINX's question is taken apart into. */
const PASSAGE_VARIABLES: readonly (readonly [string, string])[] = [
  ['$aikore_slot', PASSAGE_HEADERS.slot],
  ['$aikore_port', PASSAGE_HEADERS.port],
  ['$aikore_path_mode', PASSAGE_HEADERS.path],
  ['$aikore_location_mount', PASSAGE_HEADERS.location],
  ['$aikore_mount', PASSAGE_HEADERS.mount],
  ['$aikore_cookie', PASSAGE_HEADERS.cookie],
  ['$aikore_authorization', PASSAGE_HEADERS.authorization],
  ['$aikore_forwarded_for', PASSAGE_HEADERS.forwardedFor],
  ['$aikore_forwarded_proto', PASSAGE_HEADERS.forwardedProto],
  ['$aikore_forwarded_host', PASSAGE_HEADERS.forwardedHost],
  ['$aikore_forwarded_prefix', PASSAGE_HEADERS.forwardedPrefix],
];

/** What applications get of a request's headers. Those of this hop NGINX leaves out by itself. */
function headersForApplication(): Directive[] {
  const known: Record<string, string> = {
    'X-Forwarded-For': '$aikore_forwarded_for',
    'X-Real-IP': '$aikore_forwarded_for',
    'X-Forwarded-Host': '$aikore_forwarded_host',
    'X-Forwarded-Proto': '$aikore_forwarded_proto',
    'X-Forwarded-Prefix': '$aikore_forwarded_prefix',
  };
  return [
    // The browser's, with its port: ComfyUI compares Host with Origin. A trusted proxy may have asked for another.
    setHeader('Host', '$aikore_forwarded_host'),
    setHeader('Connection', '$aikore_connection'),
    setHeader('Upgrade', '$aikore_upgrade'),
    setHeader('Cookie', '$aikore_cookie'),
    setHeader('Authorization', '$aikore_authorization'),
    ...['Proxy-Authorization', 'Proxy-Connection', 'Trailer'].map((name) => setHeader(name, '')),
    ...FORWARDING_NAMES.map((name) => setHeader(name, known[name] ?? '')),
    ...Object.values(FRONT_HEADERS).map((name) => setHeader(name, '')),
  ];
}

/** The locations of every server block; the same in all of them, for `$aikore_entry` and `$aikore_elsewhere` differ. */
export function locations(): Directive[] {
  return [application(), passage(), aikore(), failure(), ...away(), tooLarge()];
}

function application(): Directive {
  return block(
    'location',
    ['/'],
    [
      block('if', ['($aikore_form', '=', 'other)'], [directive('return', 400)]),
      // The body is read by whoever answers in the end.
      block('if', ['($aikore_way', '=', 'aikore)'], [directive('return', 418)]),
      directive('auth_request', PASSAGE_URI),
      ...PASSAGE_VARIABLES.map(([variable, header]) =>
        directive('auth_request_set', variable, headerVariable('upstream_http', header)),
      ),
      directive('error_page', 401, 403, 418, 500, '=', '@aikore'),
      directive('error_page', 502, 504, '=', '@failure'),
      directive('proxy_pass', 'http://$aikore_target$aikore_path'),
      ...headersForApplication(),
      ...NEVER.map((name) => directive('proxy_hide_header', name)),
      directive('proxy_pass_header', 'Date'),
      directive('proxy_pass_header', 'Server'),
      directive('proxy_hide_header', 'Location'),
      directive('add_header', 'Location', '$aikore_location', 'always'),
      directive('proxy_hide_header', 'Referrer-Policy'),
      directive('add_header', 'Referrer-Policy', '$aikore_referrer_policy', 'always'),
      directive('proxy_redirect', 'off'),
      // Confined to the mount: a cookie for `/` would reach every application, and one for another's path that one.
      directive('proxy_cookie_path', '$aikore_mount/', '$aikore_mount/'),
      directive('proxy_cookie_path', '~^/instance/[a-z0-9-]+$', '$aikore_mount/'),
      directive('proxy_cookie_path', '/', '$aikore_mount/'),
      directive('proxy_cookie_domain', '~.*', ''),
      // NGINX cannot drop one cookie of several. Browsers throw away what is for all sites and not for TLS only.
      directive('proxy_cookie_flags', '~^[ \\t]*(?:__Host-)?aikore_', 'nosecure', 'samesite=none'),
    ],
  );
}

/** The question who may pass. A *yes* is kept for a moment, so that a page of 300 files does not ask 300 times. */
function passage(): Directive {
  return block(
    'location',
    ['=', PASSAGE_URI],
    [
      directive('internal'),
      directive('proxy_pass', 'http://aikore_passage/'),
      ...noBody,
      setHeader('Host', '$http_host'),
      setHeader('Connection', ''),
      setHeader('Upgrade', ''),
      ...front,
      setHeader(FRONT_HEADERS.failure, ''),
      directive('proxy_buffering', 'on'),
      directive('proxy_connect_timeout', '5s'),
      directive('proxy_read_timeout', '10s'),
      directive('proxy_cache', 'aikore_passages'),
      directive('proxy_cache_key', PASSAGE_KEY),
      directive('proxy_cache_valid', 204, '1s'),
      // What may last asks itself: AiKore keeps a list of it, to end it with the session.
      directive('proxy_cache_bypass', '$aikore_is_asked_anew'),
      directive('proxy_no_cache', '$aikore_is_asked_anew'),
    ],
  );
}

/** Everything that AiKore answers itself, and documents. */
function aikore(): Directive {
  return block(
    'location',
    ['@aikore'],
    [
      directive('proxy_pass', 'http://aikore_apps$request_uri'),
      setHeader('Host', '$http_host'),
      setHeader('Connection', '$aikore_connection'),
      setHeader('Upgrade', '$aikore_upgrade'),
      ...front,
      setHeader(FRONT_HEADERS.failure, ''),
      directive('proxy_pass_header', 'Date'),
      directive('proxy_pass_header', 'Server'),
      directive('proxy_redirect', 'off'),
      directive('error_page', 502, 504, '=', '@away'),
    ],
  );
}

/** The application could not be reached or broke off: AiKore says which. The body is not sent a second time. */
function failure(): Directive {
  return block(
    'location',
    ['@failure'],
    [
      directive('proxy_pass', 'http://aikore_apps$request_uri'),
      ...noBody,
      setHeader('Host', '$http_host'),
      setHeader('Connection', ''),
      setHeader('Upgrade', ''),
      ...front,
      setHeader(FRONT_HEADERS.failure, '$upstream_status'),
      directive('proxy_redirect', 'off'),
      directive('error_page', 502, 504, '=', '@away'),
    ],
  );
}

/** AiKore itself is away: it restarts, or has left NGINX running for the next one. */
function away(): Directive[] {
  const headers = [
    directive('add_header', 'Retry-After', 2, 'always'),
    directive('add_header', 'Cache-Control', 'no-store', 'always'),
    directive('add_header', 'Content-Security-Policy', AWAY_POLICY, 'always'),
    directive('add_header', 'X-Content-Type-Options', 'nosniff', 'always'),
  ];
  return [
    block(
      'location',
      ['@away'],
      [
        block('if', ['($aikore_is_document', '=', '0)'], [directive('return', 418)]),
        directive('error_page', 418, '=', '@away_data'),
        ...headers,
        directive('default_type', 'text/html'),
        directive('charset', 'utf-8'),
        directive('return', 503, AWAY_PAGE),
      ],
    ),
    block(
      'location',
      ['@away_data'],
      [...headers, directive('default_type', 'application/json'), directive('return', 503, AWAY_JSON)],
    ),
  ];
}

function tooLarge(): Directive {
  return block(
    'location',
    ['@too_large'],
    [directive('default_type', 'application/json'), directive('return', 431, TOO_LARGE_JSON)],
  );
}

/** What holds for all proxying; here, as no location says anything about it. */
export function proxyDefaults(): Directive[] {
  return [
    directive('proxy_http_version', '1.1'),
    directive('proxy_buffering', 'off'),
    directive('proxy_request_buffering', 'off'),
    directive('proxy_max_temp_file_size', 0),
    directive('proxy_buffer_size', '64k'),
    directive('proxy_buffers', 4, '64k'),
    directive('proxy_connect_timeout', '60s'),
    directive('proxy_read_timeout', PATIENCE),
    directive('proxy_send_timeout', PATIENCE),
    directive('proxy_socket_keepalive', 'on'),
    // An application must not steer NGINX: X-Accel-Redirect would lead into internal locations.
    directive(
      'proxy_ignore_headers',
      ...['Redirect', 'Expires', 'Limit-Rate', 'Buffering', 'Charset'].map((name) => `X-Accel-${name}`),
      ...['Expires', 'Cache-Control', 'Set-Cookie', 'Vary'],
    ),
    directive('proxy_headers_hash_max_size', 1024),
    directive('proxy_headers_hash_bucket_size', 128),
  ];
}
