import { missingMount } from '../domain/location.js';
import { headerValue } from '../domain/raw-headers.js';
import { toApplication } from '../domain/request-headers.js';
import type { OwnCredentials } from '../domain/request-headers.js';
import type { ProxyJob } from '../upstream.js';
import { PASSAGE_HEADERS, slotName } from './domain/names.js';

/**
 * What NGINX is told of a request that may pass: where it goes, and the headers that only AiKore can know. They are what
 * the embedded engine would send, from the same function.
 * @param hasSlot whether the running NGINX keeps idle connections to a port
 */
export function passageHeaders(
  job: ProxyJob,
  credentials: OwnCredentials,
  hasSlot: (port: number) => boolean,
): Record<string, string> {
  const { view, route, mount, path } = job;
  const sent = toApplication(view.method, view.rawHeaders, {
    route,
    mount,
    credentials,
    remoteAddress: view.remoteAddress,
    host: view.host,
    protocol: job.protocol,
    isShimWanted: false,
    upgrade: null,
  });
  const value = (name: string): string => headerValue(sent, name) ?? '';
  const cookies = sent.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === 'cookie' ? [sent[index + 1] ?? ''] : [],
  );
  return present({
    [PASSAGE_HEADERS.slot]: hasSlot(route.port) ? slotName(route.port) : `127.0.0.1:${route.port}`,
    [PASSAGE_HEADERS.port]: String(route.port),
    [PASSAGE_HEADERS.path]: path === view.target ? 'whole' : 'strip',
    [PASSAGE_HEADERS.location]: missingMount(route, mount),
    [PASSAGE_HEADERS.mount]: mount,
    [PASSAGE_HEADERS.cookie]: cookies.join('; '),
    [PASSAGE_HEADERS.authorization]: value('authorization'),
    [PASSAGE_HEADERS.forwardedFor]: value('x-forwarded-for'),
    [PASSAGE_HEADERS.forwardedProto]: value('x-forwarded-proto'),
    [PASSAGE_HEADERS.forwardedHost]: value('x-forwarded-host'),
    [PASSAGE_HEADERS.forwardedPrefix]: value('x-forwarded-prefix'),
  });
}

function present(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
