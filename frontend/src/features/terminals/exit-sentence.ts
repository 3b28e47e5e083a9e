export interface ShellEnd {
  code: number | null;
  signal: string | null;
  message: string | null;
}

/** How a shell ended, for the line below its last screen. */
export function exitSentence({ code, signal, message }: ShellEnd): string {
  if (message !== null) return message;
  if (signal !== null) return `The shell was ended by ${signal}.`;
  return code === null ? 'The shell ended.' : `The shell ended with exit code ${String(code)}.`;
}
