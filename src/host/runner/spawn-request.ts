/** A program to start: its path and arguments, and its whole environment. */
export interface SpawnWish {
  /** The first one is the program's path. No text holds a NUL. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
}

const HEAD_BYTES = 12;

/**
 * A request as the spawner reads it (scripts/runner/README.md): three little-endian 32-bit numbers, the length of what
 * follows, the request's number and the number of arguments; then arguments and environment, each ended by a NUL.
 * @throws Error when a text holds a NUL, which would become two
 */
export function encodeSpawnRequest(id: number, { argv, env }: SpawnWish): Buffer {
  const texts = [...argv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  if (texts.some((text) => text.includes('\0')))
    throw new Error('An argument or a variable holds a NUL character, which no program can be given.');
  const strings = Buffer.from(`${texts.join('\0')}\0`, 'utf8');
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(HEAD_BYTES - 4 + strings.length, 0);
  head.writeUInt32LE(id, 4);
  head.writeUInt32LE(argv.length, 8);
  return Buffer.concat([head, strings]);
}
