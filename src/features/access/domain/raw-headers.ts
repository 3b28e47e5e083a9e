/** Headers as they crossed the wire: name, value, name, value… Order, case and repetition are kept. */
export type RawHeaders = readonly string[];

/** The pairs of raw headers, names as written. */
export function* headerPairs(raw: RawHeaders): Generator<[name: string, value: string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    yield [raw[index] ?? '', raw[index + 1] ?? ''];
  }
}

/** Every value of one header. `name` is lower case. */
export function headerValues(raw: RawHeaders, name: string): string[] {
  return [...headerPairs(raw)].filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/** The first value of one header, or undefined. `name` is lower case. */
export function headerValue(raw: RawHeaders, name: string): string | undefined {
  return headerValues(raw, name)[0];
}

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Without these a request would end elsewhere than its sender meant, or be for somebody else. */
const END_TO_END = new Set(['content-length', 'host']);

/**
 * Lower-case names of the headers that end at this hop: the fixed ones and those that `Connection` lists, which may not
 * be such as are meant for everybody (RFC 9110, section 7.6.1).
 */
export function hopByHopNames(raw: RawHeaders): Set<string> {
  const listed = headerValues(raw, 'connection')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  return new Set([...HOP_BY_HOP, ...listed.filter((name) => !END_TO_END.has(name))]);
}
