/** Where to insert, in bytes from the beginning; or that more text is needed; or that it must not be done. */
export type HeadPosition = number | 'more' | 'never';

interface Token {
  /** Lower-case tag name, `!doctype`, or `''` for what carries no structure (comments, stray end tags). */
  name: string;
  end: number;
}

/**
 * Finds the place right after `<head>` in a document that arrives in pieces. HTML leaves no room for doubt: before
 * `<head>` there may only be white space, comments, the doctype and `<html>`; anything else means that the tag was left
 * out. The text is Latin-1, one character a byte, so positions are byte offsets in every ASCII-compatible encoding.
 */
export class HeadFinder {
  private text = '';
  private at = 0;
  private isStarted = false;

  /** Where to insert when no more text comes: after the doctype and `<html>`, as far as they were seen. */
  fallback = 0;

  feed(piece: string): HeadPosition {
    this.text += piece;
    if (!this.isStarted) {
      if (this.text.length < 3) return 'more';
      this.isStarted = true;
      if (/^(\xff\xfe|\xfe\xff)/.test(this.text)) return 'never';
      if (this.text.startsWith('\xef\xbb\xbf')) this.at = this.fallback = 3;
    }
    return this.scan();
  }

  private scan(): HeadPosition {
    for (;;) {
      while (/[\t\n\f\r ]/.test(this.text.charAt(this.at))) this.at++;
      // The longest beginning that has to be told apart is `<!--`.
      if (this.text.length - this.at < 4) return 'more';
      const token = tokenAt(this.text, this.at);
      if (token === 'incomplete') return 'more';
      if (token === 'text') return this.fallback;
      if (token.name === 'head') return token.end;
      if (token.name === 'html' || token.name === '!doctype') this.fallback = token.end;
      else if (token.name !== '') return this.fallback;
      this.at = token.end;
    }
  }
}

function tokenAt(text: string, at: number): Token | 'incomplete' | 'text' {
  if (text.charAt(at) !== '<') return 'text';
  if (text.startsWith('<!--', at)) {
    // `<!-->` is a whole comment.
    const end = text.indexOf('-->', at + 2);
    return end < 0 ? 'incomplete' : { name: '', end: end + 3 };
  }
  const second = text.charAt(at + 1);
  if (second === '!' || second === '?' || second === '/') {
    const end = text.indexOf('>', at);
    if (end < 0) return 'incomplete';
    return { name: /^<!doctype/i.test(text.slice(at, at + 9)) ? '!doctype' : '', end: end + 1 };
  }
  return /[a-z]/i.test(second) ? startTagAt(text, at) : 'text';
}

function startTagAt(text: string, at: number): Token | 'incomplete' {
  let quote = '';
  for (let index = at + 1; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '>') {
      const name = /^[^\s/>]*/.exec(text.slice(at + 1, index))?.[0] ?? '';
      return { name: name.toLowerCase(), end: index + 1 };
    }
  }
  return 'incomplete';
}
