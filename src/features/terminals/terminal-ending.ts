/** How a terminal ended. */
export interface TerminalEnding {
  code: number | null;
  signal: string | null;
  /** For a person. */
  message: string;
}

const CLOSED_MESSAGE = 'The terminal was closed.';

/** The shell ended. @param isAsked somebody closed the terminal */
export function endedWith(code: number | null, signal: string | null, isAsked: boolean): TerminalEnding {
  return { code, signal, message: isAsked ? CLOSED_MESSAGE : sentenceOf(code, signal) };
}

function sentenceOf(code: number | null, signal: string | null): string {
  if (signal !== null) return `The shell was ended by ${signal}.`;
  return code === null ? 'The shell ended.' : `The shell ended with exit code ${code}.`;
}

/** Its host was killed. */
export function lost(): TerminalEnding {
  return {
    code: null,
    signal: null,
    message: 'The terminal is lost: what kept it was ended from outside, and what ran in it has ended too.',
  };
}

/** Nothing is known of it any more. */
export function longGone(): TerminalEnding {
  return { code: null, signal: null, message: 'This terminal has ended. Open a new one.' };
}
