import type { Directive } from './directives.js';
import { map } from './directives.js';
import { FRONT_HEADERS } from './names.js';

/**
 * What a request is, by regular expressions over its raw bytes: `$uri` is decoded and tidied up, `$request_uri` is what
 * the browser sent and what the application has to see. Named groups are variables of their own.
 */
export function requestMaps(): Directive[] {
  const slug = '[a-z0-9-]{1,80}';
  return [
    map('$request_uri', '$aikore_slug', [
      ['default', ''],
      [`~^/instance/(?<aikore_g_slug>${slug})/`, '$aikore_g_slug'],
    ]),
    map('$request_uri', '$aikore_rest', [
      ['default', '$request_uri'],
      [`~^/instance/${slug}(?<aikore_g_rest>/.*)$`, '$aikore_g_rest'],
    ]),
    // A fragment, an own file, a missing slash: AiKore has an answer of its own.
    map('$request_uri', '$aikore_region', [
      ['default', 'elsewhere'],
      ['~#', 'own'],
      [`~^(?:/instance/${slug})?/\\.aikore/`, 'own'],
      [`~^/instance/${slug}(?:\\?|$)`, 'own'],
      [`~^/instance/${slug}/`, 'instance'],
      // Where an application is at home under its prefix, this leads there.
      ['~^/(?:\\?|$)', 'root'],
    ]),
    // `GET http://host/path` names a second host beside the header; only the request line shows it.
    map('$request', '$aikore_form', [
      ['default', 'other'],
      ['~^[^ ]+ /', 'path'],
    ]),
    map('$http_upgrade', '$aikore_upgrade', [
      ['default', ''],
      ['~*^websocket$', 'websocket'],
    ]),
    map('$aikore_upgrade', '$aikore_connection', [
      ['default', 'keep-alive'],
      ['websocket', 'upgrade'],
    ]),
    map('$aikore_upgrade:$http_accept', '$aikore_lasting', [
      ['default', ''],
      ['~^websocket:', 'upgrade'],
      ['~*^:.*text/event-stream', 'events'],
    ]),
    // As domain/documents.ts has it.
    map('$http_sec_fetch_dest:$http_x_requested_with:$http_accept', '$aikore_is_document', [
      ['default', '0'],
      ['~*^(?:document|iframe|frame|object|embed):', '1'],
      ['~*^::.*text/html', '1'],
    ]),
    // The application of an idle connection may close it at the very moment, so what cannot be repeated gets a fresh one.
    map('$request_method:$content_length:$http_transfer_encoding:$aikore_upgrade', '$aikore_is_repeatable', [
      ['default', '0'],
      ['~^(?:GET|HEAD|OPTIONS):0?::$', '1'],
    ]),
    map(
      '$aikore_upgrade:$request_method:$content_length:$http_transfer_encoding',
      '$aikore_is_odd_handshake',
      [
        ['default', '0'],
        ['~^websocket:GET:0?:$', '0'],
        ['~^websocket:', '1'],
      ],
    ),
    map('$request_method', '$aikore_method_class', [
      ['default', 'unsafe'],
      ['~^(?:GET|HEAD|OPTIONS)$', 'safe'],
    ]),
    // What changes something or lasts is decided about each time; a *yes* to the rest is kept for a moment.
    map('$aikore_method_class:$aikore_lasting', '$aikore_is_asked_anew', [
      ['default', '1'],
      ['safe:', ''],
    ]),
    wayMap(),
  ];
}

/**
 * Who answers. Documents get the shim, which is put in by AiKore; a script of a service worker decides about whole
 * origins, so its headers are read by AiKore too.
 */
function wayMap(): Directive {
  const of = [
    '$aikore_region',
    '$aikore_elsewhere',
    '$aikore_is_document',
    '$aikore_is_odd_handshake',
    '$http_service_worker',
    // The shim marks workers' scripts, which get a prelude.
    '$arg_aikore_worker',
  ].join(':');
  return map(of, '$aikore_way', [
    ['default', 'aikore'],
    ['~^instance:[a-z]+:0:0::$', 'application'],
    ['~^(?:elsewhere|root):application:0:0::$', 'application'],
  ]);
}

/** Where a request that may pass goes, and what becomes of the addresses in its answer. */
export function passageMaps(): Directive[] {
  return [
    map('$aikore_is_repeatable', '$aikore_target', [
      ['default', '127.0.0.1:$aikore_port'],
      ['1', '$aikore_slot'],
    ]),
    map('$aikore_path_mode', '$aikore_path', [
      ['default', '$request_uri'],
      ['strip', '$aikore_rest'],
    ]),
    locationMap(),
    // A policy that hides the path keeps AiKore from telling whose page asked; of a list the last one counts.
    map('$upstream_http_referrer_policy', '$aikore_referrer_policy', [
      ['default', '$upstream_http_referrer_policy'],
      ['~*(?:^|,)\\s*(?:no-referrer|origin|strict-origin)\\s*$', 'same-origin'],
    ]),
  ];
}

/** As domain/location.ts has it; `\k<name>` compares with what an earlier group has caught. */
function locationMap(): Directive {
  const own = (n: number): string =>
    `~*^(?<aikore_g_host${n}>[^|]*)\\|(?<aikore_g_port${n}>\\d+)\\|(?<aikore_g_mount${n}>[^|]*)\\|` +
    `(?:https?:)?//(?:\\k<aikore_g_host${n}>|(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):\\k<aikore_g_port${n}>)(?::(?:80|443))?`;
  return map(
    '$aikore_forwarded_host|$aikore_port|$aikore_location_mount|$upstream_http_location',
    '$aikore_location',
    [
      ['default', '$upstream_http_location'],
      [
        '~^[^|]*\\|\\d+\\|(?<aikore_g_under>[^|]+)\\|\\k<aikore_g_under>(?:[/?#]|$)',
        '$upstream_http_location',
      ],
      ['~^[^|]*\\|\\d+\\|[^|]*\\|(?<aikore_g_path>/(?!/).*|/)$', '$aikore_location_mount$aikore_g_path'],
      [`${own(1)}(?<aikore_g_inside>\\k<aikore_g_mount1>/.*)$`, '$aikore_g_inside'],
      [`${own(2)}(?<aikore_g_below>/.*)$`, '$aikore_location_mount$aikore_g_below'],
      [`${own(3)}(?<aikore_g_tail>[?#].*)?$`, '$aikore_location_mount/$aikore_g_tail'],
    ],
  );
}

/** Headers that decide about a passage; each is part of the key under which an answer is kept for a moment. */
const KEY_PARTS = [
  '$aikore_entry',
  '$scheme',
  '$http_host',
  '$aikore_slug',
  '$aikore_region',
  '$remote_addr',
  '$http_origin',
  '$http_sec_fetch_site',
  '$http_sec_fetch_mode',
  '$http_sec_fetch_dest',
  '$http_x_forwarded_for',
  '$http_x_forwarded_proto',
  '$http_x_forwarded_host',
  '$http_x_forwarded_port',
  '$http_forwarded',
  '$http_x_real_ip',
  '$http_authorization',
  '$http_cookie',
];

/** A line feed stands in no header, so no value can pass for two. */
export const PASSAGE_KEY = KEY_PARTS.join('\n');

/** What NGINX tells AiKore of a request, whatever the browser claims. */
export const FRONT_VALUES: readonly (readonly [string, string])[] = [
  [FRONT_HEADERS.entry, '$aikore_entry'],
  [FRONT_HEADERS.peer, '$remote_addr'],
  [FRONT_HEADERS.peerPort, '$remote_port'],
  [FRONT_HEADERS.serverPort, '$server_port'],
  [FRONT_HEADERS.scheme, '$scheme'],
  [FRONT_HEADERS.worker, '$pid'],
  [FRONT_HEADERS.method, '$request_method'],
  [FRONT_HEADERS.target, '$request_uri'],
  [FRONT_HEADERS.lasting, '$aikore_lasting'],
];
