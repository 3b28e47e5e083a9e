import { PLAIN_HTTP_SENTENCE, plainHttpPage, secureLink } from '../../../../core/tls/plain-http-page.js';
import { AWAY_POLICY } from './away-page.js';
import type { Directive } from './directives.js';
import { block, directive, map } from './directives.js';

const PLAIN_HTTP_JSON = `{"code":"TLS_REQUIRED","message":"${PLAIN_HTTP_SENTENCE}","details":{},"request_id":"$request_id"}`;

/** What leads on from a port of TLS; only what can be a host gets into a page. */
export function plainHttpLink(): Directive {
  return map('$http_host', '$aikore_secure_link', [
    ['default', ''],
    [
      '~^(?<aikore_g_host>(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?)$',
      secureLink('$aikore_g_host'),
    ],
  ]);
}

/** Who speaks plain HTTP to a port of TLS is told so, as by the embedded engine. 497 is NGINX's own number for them. */
export function plainHttp(): Directive[] {
  const headers = [
    directive('add_header', 'Cache-Control', 'no-store', 'always'),
    directive('add_header', 'Content-Security-Policy', AWAY_POLICY, 'always'),
    directive('add_header', 'X-Content-Type-Options', 'nosniff', 'always'),
  ];
  return [
    directive('error_page', 497, '=400', '@plain_http'),
    block(
      'location',
      ['@plain_http'],
      [
        block('if', ['($aikore_is_document', '=', '0)'], [directive('return', 418)]),
        directive('error_page', 418, '=400', '@plain_http_data'),
        ...headers,
        directive('default_type', 'text/html'),
        directive('charset', 'utf-8'),
        directive('return', 400, plainHttpPage('$aikore_secure_link')),
      ],
    ),
    block(
      'location',
      ['@plain_http_data'],
      [...headers, directive('default_type', 'application/json'), directive('return', 400, PLAIN_HTTP_JSON)],
    ),
  ];
}
