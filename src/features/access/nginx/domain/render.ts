import { TLS_1_2_CIPHERS } from '../../../../core/tls/tls-rules.js';
import type { Directive } from './directives.js';
import { block, directive, renderDirectives } from './directives.js';
import { locations, proxyDefaults } from './locations.js';
import { passageMaps, requestMaps } from './maps.js';
import { NGINX_FILES, slotName } from './names.js';
import type { NginxPlan } from './plan.js';
import { plainHttp, plainHttpLink } from './plain-http.js';
import { requireSound } from './plan.js';

/** Connections that wait for the next request, of each worker to each application. */
const IDLE_CONNECTIONS = 64;
const MAX_CONNECTIONS = 8192;

/**
 * The whole configuration.
 * @param generation by which the running NGINX can be asked which configuration it has: letters and digits
 * @throws TypeError for a plan that must not reach a file
 */
export function renderConfig(plan: NginxPlan, generation: string): string {
  requireSound(plan);
  if (!/^[0-9a-z]{1,64}$/.test(generation)) throw new TypeError('a generation is letters and digits');
  const head = '# Written by AiKore, which replaces this file whole: what is changed here does not stay.\n';
  return head + renderDirectives([...processes(plan), http(plan, generation)]);
}

function processes(plan: NginxPlan): Directive[] {
  return [
    directive('daemon', 'off'),
    ...(plan.user === null ? [] : [directive('user', plan.user)]),
    directive('worker_processes', plan.workers),
    directive('pid', NGINX_FILES.pid),
    // Applications that do not listen yet and kept answers that were removed are no news; they would fill the file.
    directive('error_log', NGINX_FILES.errorLog, 'alert'),
    block('events', [], [directive('worker_connections', MAX_CONNECTIONS)]),
  ];
}

function http(plan: NginxPlan, generation: string): Directive {
  return block(
    'http',
    [],
    [
      ...limits(),
      ...proxyDefaults(),
      directive(
        'proxy_cache_path',
        NGINX_FILES.cache,
        'keys_zone=aikore_passages:4m',
        'inactive=10s',
        'max_size=64m',
        'use_temp_path=off',
      ),
      ...requestMaps(),
      ...passageMaps(),
      upstream('aikore_apps', `unix:${NGINX_FILES.appsSocket}`),
      upstream('aikore_passage', `unix:${NGINX_FILES.passageSocket}`),
      ...plan.slots.map((port) => upstream(slotName(port), `127.0.0.1:${port}`)),
      ...(plan.tlsFingerprint === null ? [] : tls(plan.tlsFingerprint)),
      control(generation),
      ...servers(plan),
    ],
  );
}

function limits(): Directive[] {
  return [
    directive('access_log', 'off'),
    directive('log_not_found', 'off'),
    directive('server_tokens', 'off'),
    directive('absolute_redirect', 'off'),
    directive('merge_slashes', 'off'),
    directive('recursive_error_pages', 'on'),
    directive('client_max_body_size', 0),
    directive('client_header_timeout', '30s'),
    directive('client_body_timeout', '1d'),
    directive('send_timeout', '1d'),
    directive('lingering_timeout', '3s'),
    directive('keepalive_timeout', '75s'),
    directive('keepalive_requests', 100_000),
    directive('client_header_buffer_size', '4k'),
    directive('large_client_header_buffers', 4, '64k'),
    directive('server_names_hash_max_size', 8192),
    directive('server_names_hash_bucket_size', 512),
    directive('map_hash_bucket_size', 128),
    directive('variables_hash_max_size', 2048),
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) =>
      directive(`${name}_temp_path`, `${NGINX_FILES.temporary}/${name}`),
    ),
  ];
}

function upstream(name: string, address: string): Directive {
  return block(
    'upstream',
    [name],
    [
      directive('server', address, 'max_fails=0'),
      directive('keepalive', IDLE_CONNECTIONS),
      directive('keepalive_requests', 100_000),
    ],
  );
}

/** By copies of fixed names: the paths that the operator chose are no text for this file. */
function tls(fingerprint: string): Directive[] {
  return [
    directive('ssl_certificate', NGINX_FILES.certificate),
    directive('ssl_certificate_key', NGINX_FILES.key),
    directive('ssl_protocols', 'TLSv1.2', 'TLSv1.3'),
    directive('ssl_ciphers', TLS_1_2_CIPHERS),
    directive('ssl_session_cache', 'shared:aikore_tls:4m'),
    directive('ssl_session_tickets', 'off'),
    directive('ssl_session_timeout', '1d'),
    plainHttpLink(),
    // The files may change while their names do not; this makes another configuration of it.
    block('map', ['$ssl_protocol', '$aikore_certificate'], [directive('default', fingerprint)]),
  ];
}

function control(generation: string): Directive {
  return block(
    'server',
    [],
    [
      directive('listen', `unix:${NGINX_FILES.controlSocket}`),
      block('location', ['=', '/generation'], [directive('return', 200, generation)]),
      block('location', ['/'], [directive('return', 404)]),
    ],
  );
}

/** One block for the shared address, one a hostname, one a published port. */
function servers(plan: NginxPlan): Directive[] {
  const shared = { entry: 'shared', port: plan.port };
  const onShared = [
    server(plan, { ...shared, isDefault: true, name: '_', elsewhere: 'aikore' }),
    server(plan, { ...shared, isDefault: false, name: '*.localhost', elsewhere: 'application' }),
    ...plan.hostnames.map((name) =>
      server(plan, { ...shared, isDefault: false, name, elsewhere: 'application' }),
    ),
  ];
  const published = plan.publicPorts.map((port) =>
    server(plan, { entry: `port:${port}`, port, isDefault: true, name: '_', elsewhere: 'application' }),
  );
  return [...onShared, ...published];
}

interface Door {
  /** Through which door a request comes, as AiKore is told. */
  entry: string;
  port: number;
  isDefault: boolean;
  name: string;
  /** Who answers what lies under no instance's prefix. */
  elsewhere: 'aikore' | 'application';
}

function server(plan: NginxPlan, door: Door): Directive {
  const address = plan.address.includes(':') ? `[${plan.address}]` : plan.address;
  const listenWords = [
    `${address}:${door.port}`,
    ...(door.isDefault ? ['default_server'] : []),
    ...(plan.tlsFingerprint === null ? [] : ['ssl']),
    // `::` is every address of both families, as Node has it.
    ...(door.isDefault && plan.address === '::' ? ['ipv6only=off'] : []),
    ...(door.isDefault ? ['so_keepalive=60s:15s:4'] : []),
  ];
  return block(
    'server',
    [],
    [
      directive('listen', ...listenWords),
      directive('server_name', door.name),
      directive('set', '$aikore_entry', door.entry),
      directive('set', '$aikore_elsewhere', door.elsewhere),
      // NGINX's own number for headers that are too large; it would say 400.
      directive('error_page', 494, '=431', '@too_large'),
      ...(plan.tlsFingerprint === null ? [] : plainHttp()),
      ...locations(),
    ],
  );
}
