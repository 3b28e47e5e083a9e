const META = /<meta\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const IS_REFERRER = /\sname\s*=\s*(?:"\s*referrer\s*"|'\s*referrer\s*'|referrer(?=[\s/>]))/i;
/** Policies under which a Referer lacks the path; `never` and `none` are old words for `no-referrer`. */
const IS_PATHLESS =
  /\scontent\s*=\s*(["']?)\s*(?:no-referrer|never|none|origin|strict-origin)\s*(?:\1(?=[\s/>]))/i;
const HEAD_ENDS = /<\/head\b|<body\b/i;

/** How long a tag may be to be looked at, and how far the end of the head is looked for. */
const MAX_TAG_LENGTH = 2048;
const MAX_HEAD_LENGTH = 64 * 1024;

/**
 * Weakens policies in a document's head that would take the path out of the Referer, which leads absolute addresses
 * back. The browser obeys them before any script runs. The text is Latin-1 and comes in pieces.
 */
export class ReferrerMetas {
  private held = '';
  private seenLength = 0;
  /** Nothing that comes now is looked at. */
  isOver = false;

  /** @returns what can go on; the beginning of a tag is held back until its end comes. */
  feed(piece: string): string {
    if (this.isOver) return piece;
    const text = this.held + piece;
    this.seenLength += piece.length;
    const cut = cutAt(text);
    const ready = text.slice(0, cut);
    this.held = text.slice(cut);
    const ending = HEAD_ENDS.exec(ready)?.index;
    if (ending !== undefined || this.seenLength > MAX_HEAD_LENGTH) return this.finish(ready, ending);
    return weakened(ready);
  }

  /** @returns what was held back when the document ends. */
  flush(): string {
    return this.held;
  }

  private finish(ready: string, ending = ready.length): string {
    const rest = ready.slice(ending) + this.held;
    this.isOver = true;
    this.held = '';
    return weakened(ready.slice(0, ending)) + rest;
  }
}

/** Where a tag begins whose end did not come yet; the length of the text when there is none. */
function cutAt(text: string): number {
  const start = /<[^<>]{0,6}$/.exec(text)?.index ?? text.toLowerCase().lastIndexOf('<meta');
  if (start < 0 || text.length - start > MAX_TAG_LENGTH) return text.length;
  META.lastIndex = start;
  return META.exec(text)?.index === start ? text.length : start;
}

function weakened(text: string): string {
  return text.replace(META, (tag) =>
    IS_REFERRER.test(tag) && IS_PATHLESS.test(tag) ? '<meta name="referrer" content="same-origin">' : tag,
  );
}
