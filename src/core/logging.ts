/** Severity, most verbose first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log lines on stderr; stdout is for what the operator asked to see. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const SECRET_KEY = /password|token|secret|cookie|authorization/i;

function render(value: unknown): string {
  const text = value instanceof Error ? (value.stack ?? value.message) : value;
  return text === undefined ? 'undefined' : JSON.stringify(text);
}

function renderFields(fields: Record<string, unknown> | undefined): string {
  if (fields === undefined) return '';
  return Object.entries(fields)
    .map(([key, value]) => ` ${key}=${SECRET_KEY.test(key) ? '"[redacted]"' : render(value)}`)
    .join('');
}

/**
 * A logger that writes one line an entry: time, level, message, `key=value` pairs as JSON, so that a line break in a
 * value cannot forge an entry. Values under keys that name secrets are never written.
 */
export function createLogger(
  isVerbose: boolean,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const log = (level: LogLevel, message: string, fields?: Record<string, unknown>): void => {
    if (level === 'debug' && !isVerbose) return;
    const safeMessage = message.replace(/[\u0000-\u001f\u007f]/g, ' ');
    write(`${new Date().toISOString()} ${level.padEnd(5)} ${safeMessage}${renderFields(fields)}\n`);
  };
  return {
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
  };
}
