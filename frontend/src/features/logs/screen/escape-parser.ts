/** What a stream of terminal output asks for. */
export interface EscapeSink {
  print(text: string): void;
  /** A control character such as `\n`, `\r`, `\b`, `\t`. */
  control(code: number): void;
  /** `CSI parameters final`, such as `m` with `1;31`. */
  sequence(final: string, parameters: string): void;
  /** `OSC text`, such as `8;;https://example.org`. */
  command(text: string): void;
}

type State = 'text' | 'escape' | 'charset' | 'csi' | 'string' | 'string-escape';

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const NEWLINE = 0x0a;
const LONGEST_CSI = 128;
/** A title or link longer than this is no title: what follows is shown again instead of swallowing the log. */
const LONGEST_STRING = 8192;

/**
 * Splits output into text, control characters, CSI sequences and operating system commands, across pieces of any size. Device
 * strings and everything else a log has no use for are swallowed (grammar: ECMA-48 and xterm's ctlseqs).
 */
export class EscapeParser {
  private state: State = 'text';
  private parameters = '';
  private stringLength = 0;
  /** Text of the command that is being read; null in strings that nobody wants. */
  private command: string | null = null;
  private place = 0;

  constructor(private readonly sink: EscapeSink) {}

  /** Where in the piece the text begins that is being printed, or what follows a control character. */
  get position(): number {
    return this.place;
  }

  /** Forgets an unfinished sequence. */
  reset(): void {
    this.state = 'text';
  }

  feed(chunk: string): void {
    let index = 0;
    while (index < chunk.length) {
      index = this.state === 'text' ? this.readText(chunk, index) : this.readSequence(chunk, index);
    }
  }

  private readText(chunk: string, start: number): number {
    let end = start;
    while (end < chunk.length && isPrintable(chunk.charCodeAt(end))) end += 1;
    this.place = start;
    if (end > start) this.sink.print(start === 0 && end === chunk.length ? chunk : chunk.slice(start, end));
    if (end === chunk.length) return end;
    const code = chunk.charCodeAt(end);
    this.place = end + 1;
    if (code === ESC) this.state = 'escape';
    else this.sink.control(code);
    return end + 1;
  }

  /** Takes one character of an unfinished sequence; answers where to go on. */
  private readSequence(chunk: string, index: number): number {
    const code = chunk.charCodeAt(index);
    if (code === CAN || code === SUB) {
      this.state = 'text';
      return index + 1;
    }
    switch (this.state) {
      case 'escape':
        return this.readEscape(code, index);
      case 'csi':
        return this.readCsi(chunk, code, index);
      case 'charset':
        this.state = 'text';
        return index + 1;
      default:
        return this.readString(code, index);
    }
  }

  private readEscape(code: number, index: number): number {
    const letter = String.fromCharCode(code);
    if (letter === '[') {
      this.state = 'csi';
      this.parameters = '';
    } else if (']PX^_'.includes(letter)) {
      this.state = 'string';
      this.stringLength = 0;
      this.command = letter === ']' ? '' : null;
    } else if ('()*+-./ #%'.includes(letter)) {
      this.state = 'charset';
    } else if (code !== ESC) {
      this.state = 'text';
      // An escape before a control character is a mistake of the program; the control character counts.
      if (code < 0x20) return index;
    }
    return index + 1;
  }

  private readCsi(chunk: string, code: number, index: number): number {
    if (code >= 0x40 && code <= 0x7e) {
      this.state = 'text';
      this.sink.sequence(chunk.charAt(index), this.parameters);
      return index + 1;
    }
    if (code < 0x20 || code > 0x7e || this.parameters.length >= LONGEST_CSI) {
      this.state = 'text';
      return index;
    }
    this.parameters += chunk.charAt(index);
    return index + 1;
  }

  private readString(code: number, index: number): number {
    this.stringLength += 1;
    if (code === NEWLINE || this.stringLength > LONGEST_STRING) {
      this.state = 'text';
      return index;
    }
    if (this.state === 'string-escape') {
      if (code === 0x5c) this.endString();
      else return this.readEscape(code, index);
    } else if (code === BEL) {
      this.endString();
    } else if (code === ESC) {
      this.state = 'string-escape';
    } else if (this.command !== null) {
      this.command += String.fromCharCode(code);
    }
    return index + 1;
  }

  private endString(): void {
    this.state = 'text';
    if (this.command !== null) this.sink.command(this.command);
  }
}

function isPrintable(code: number): boolean {
  return code >= 0x20 && (code < 0x7f || code > 0x9f);
}
