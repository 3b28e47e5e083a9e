const MOST_CHARACTERS = 200;

/**
 * Text that a program in a terminal chose (a title, a name), fit to stand among ours: one line, nothing invisible, nothing
 * that turns the direction of what follows, and short.
 */
export function tamed(text: string): string {
  const plain = text
    .slice(0, MOST_CHARACTERS * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= MOST_CHARACTERS ? plain : `${characters.slice(0, MOST_CHARACTERS).join('')}…`;
}

/**
 * An address that may be opened, written so that it looks like where it leads: host names of other alphabets in their ASCII form, everything
 * else percent-encoded. Null for anything but http and https.
 */
export function webAddress(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}
