import type { Mount } from './route.js';

const OPENING = /<(?:meta|script|link|base)(?=[\s/>])/gi;
const ADDRESS = /(\s(?:src|href)\s*=\s*["']?)(\/(?![/\\])[^"'\s>]*)/i;
const IS_REFERRER = /\sname\s*=\s*(?:"\s*referrer\s*"|'\s*referrer\s*'|referrer(?=[\s/>]))/i;
/** Policies under which a Referer lacks the path; `never` and `none` are old words for `no-referrer`. */
const PATHLESS = '(?:no-referrer|never|none|origin|strict-origin)';
const IS_PATHLESS = new RegExp(
  String.raw`\scontent\s*=\s*(?:"\s*${PATHLESS}\s*"|'\s*${PATHLESS}\s*'|${PATHLESS}(?=[\s/>]))`,
  'i',
);

/** How long a tag may be to be looked at. */
const MAX_TAG_LENGTH = 2048;

/**
 * Mends in a document what no script could mend in time, because the browser acts on it as it reads:
 *
 * - `<base>`, scripts and links by an absolute address get the prefix. A redirect would do for most, but a module counts
 *   as another one when it is named by another address, and those that it imports name it by the redirected one.
 * - a policy that would take the path out of the Referer, which leads all other addresses back, is weakened.
 *
 * The text is Latin-1 and comes in pieces.
 */
export class DocumentRewriter {
  private held = '';

  constructor(private readonly mount: Mount) {}

  /** @returns what can go on; the beginning of a tag is held back until its end comes. */
  feed(piece: string): string {
    const text = this.held + piece;
    let done = '';
    let from = 0;
    let looked = 0;
    for (const { index } of text.matchAll(OPENING)) {
      // Inside a tag that is done already, or was too long: nothing is looked at twice.
      if (index < looked) continue;
      const end = endOfTag(text, index);
      if (end === 'incomplete') return this.hold(text, index, done + text.slice(from, index));
      looked = end === 'none' ? index + MAX_TAG_LENGTH : end;
      if (end === 'none') continue;
      done += text.slice(from, index) + this.mended(text.slice(index, end));
      from = end;
    }
    const cut = /<[a-z]{0,6}$/i.test(text.slice(-7)) ? text.lastIndexOf('<') : text.length;
    return this.hold(text, cut, done + text.slice(from, cut));
  }

  /** @returns what was held back when the document ends. */
  flush(): string {
    return this.held;
  }

  private hold(text: string, from: number, ready: string): string {
    this.held = text.slice(from);
    return ready;
  }

  private mended(tag: string): string {
    if (!/^<meta/i.test(tag)) {
      return tag.replace(ADDRESS, (whole, before: string, path: string) =>
        path.startsWith('/instance/') ? whole : before + this.mount + path,
      );
    }
    const isQuiet = IS_REFERRER.test(tag) && IS_PATHLESS.test(tag);
    return isQuiet ? '<meta name="referrer" content="same-origin">' : tag;
  }
}

/** Where the tag ends that begins at `start`; none when it is longer than tags are, or its end did not come yet. */
function endOfTag(text: string, start: number): number | 'incomplete' | 'none' {
  const limit = Math.min(text.length, start + MAX_TAG_LENGTH);
  let quote = '';
  for (let index = start; index < limit; index++) {
    const char = text.charAt(index);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return index + 1;
  }
  return limit === text.length && limit - start < MAX_TAG_LENGTH ? 'incomplete' : 'none';
}
